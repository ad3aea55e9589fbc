import { useEffect, useRef, useState } from "react";

// Loaded with the first chart, and once.
let loading = null;
const plotly = () => (loading ??= import("plotly.js-basic-dist-min").then((module) => module.default ?? module));

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: false, showTips: false };
const FALLBACK = "zh-CN";

// Plotly reads no wide-gamut colours, which the stylesheet may hold: a pixel painted with one says what it looks like.
const canvas = () => Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
let brush = null;
function painted(colour) {
  brush ??= canvas().getContext("2d", { willReadFrequently: true });
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
}

function filled(value, language, styles) {
  if (Array.isArray(value)) return value.map((each) => filled(each, language, styles));
  if (value && typeof value === "object") {
    if (FALLBACK in value) return value[language] ?? value[FALLBACK];
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, language, styles)]));
  }
  if (typeof value === "string" && value.startsWith("--")) return painted(styles.getPropertyValue(value).trim());
  return value;
}

// On a phone: lower, and no more words below than fit beside each other.
function narrow(layout) {
  layout.height = Math.max(220, layout.height - 60);
  const { tickvals, ticktext } = layout.xaxis;
  const every = Math.ceil(tickvals.length / 7);
  layout.xaxis.tickvals = tickvals.filter((_, place) => place % every === 0);
  layout.xaxis.ticktext = ticktext.filter((_, place) => place % every === 0);
}

export function Chart({ figure, language, label, save, name, trouble, onPick }) {
  const place = useRef(null);
  const [looks, setLooks] = useState(0);
  const [failed, setFailed] = useState(false);
  const hasData = Boolean(figure?.data?.length);

  // Light and dark are classes of the document or of the theme, set one after the other; sizes are an attribute.
  useEffect(() => {
    const look = new MutationObserver(() => setLooks((count) => count + 1));
    const watched = { attributes: true, attributeFilter: ["class", "data-scaling"] };
    look.observe(document.documentElement, watched);
    for (const theme of document.querySelectorAll(".radix-themes")) look.observe(theme, watched);
    return () => look.disconnect();
  }, []);

  useEffect(() => {
    if (!hasData || !place.current) return undefined;
    let gone = false;
    const node = place.current;
    plotly()
      .then((Plotly) => {
        if (gone) return;
        const styles = getComputedStyle(node);
        const { data, layout } = filled(figure, language, styles);
        const font = { ...layout.font, family: styles.fontFamily };
        if (node.clientWidth < 520 && data[0]?.orientation !== "h") narrow(layout);
        return Plotly.react(node, data, { ...layout, font }, CONFIG).then(() => {
          if (gone) return;
          node.removeAllListeners?.("plotly_click");
          if (onPick) node.on("plotly_click", ({ points }) => onPick(points[0].pointIndex ?? points[0].pointNumber));
          node.dataset.drawn = "";
          setFailed(false);
        });
      })
      .catch(() => {
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
    };
  }, [figure, language, looks, hasData, onPick]);

  useEffect(() => {
    const node = place.current;
    return () => {
      if (node) plotly().then((Plotly) => Plotly.purge(node));
    };
  }, []);

  const download = () =>
    plotly().then((Plotly) => {
      const { width, height } = place.current.getBoundingClientRect();
      const paper = painted(getComputedStyle(place.current).getPropertyValue("--color-background").trim());
      const { data, layout } = place.current;
      const figure = { data, layout: { ...layout, paper_bgcolor: paper, width, height } };
      return Plotly.downloadImage(figure, { format: "png", width, height, scale: 2, filename: name });
    });

  return (
    <div className="chart" data-pick={onPick ? "" : undefined}>
      <div ref={place} className="chart-place" role="img" aria-label={label} hidden={failed} />
      {failed ? <p className="muted small">{trouble}</p> : null}
      {save && hasData && !failed ? (
        <button type="button" className="op chart-save" onClick={download}>
          {save}
        </button>
      ) : null}
    </div>
  );
}
