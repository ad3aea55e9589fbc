import { useEffect, useRef, useState } from "react";

// Loaded with the first chart, and once.
let loading = null;
let loaded = null;
const plotly = () =>
  (loading ??= import("plotly.js-basic-dist-min").then((module) => (loaded = module.default ?? module)));

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

const NARROW = 520;
const NAME_ON_A_PHONE = 18;

// As `charts.frames.clipped`: a Chinese character takes the room of two narrow ones.
function clipped(name) {
  let room = NAME_ON_A_PHONE;
  const characters = [...name];
  const end = characters.findIndex((character) => (room -= character > "\u2e7f" ? 2 : 1) < 0);
  return end < 0 || end === characters.length - 1 ? name : `${characters.slice(0, end).join("").trimEnd()}…`;
}

// On a phone: standing bars are lower, and no more words stand below than fit beside each other; names before lying
// ones are shorter, and a map is as high as it is wide.
function narrow(data, layout, width) {
  if (!layout.xaxis.tickvals) {
    layout.height = Math.min(layout.height, width * 0.8);
    data[0].insidetextfont.size = 11;
  } else if (data[0].orientation === "h") {
    layout.yaxis.ticktext = layout.yaxis.ticktext.map(clipped);
    const { tickvals, ticktext } = layout.xaxis;
    layout.xaxis.tickvals = tickvals.filter((_, place) => place % 2 === 0);
    layout.xaxis.ticktext = ticktext.filter((_, place) => place % 2 === 0);
  } else {
    layout.height = Math.max(220, layout.height - 60);
    const { tickvals, ticktext } = layout.xaxis;
    const every = Math.ceil(tickvals.length / 7);
    layout.xaxis.tickvals = tickvals.filter((_, place) => place % every === 0);
    layout.xaxis.ticktext = ticktext.filter((_, place) => place % every === 0);
  }
}

// Bars that lead somewhere are reached by Tab and pressed by Enter, each with its name and value.
function reachable(node, onPick) {
  for (const bar of node.querySelectorAll(".barlayer .point")) {
    const place = bar.__data__?.i;
    const { customdata, text } = node.data[0];
    const said = text[place].includes("<br>") ? text[place] : `${customdata[place]} ${text[place]}`;
    const label = said.replace(/<[^>]*>/g, " ").trim();
    Object.entries({ tabindex: "0", role: "button", "aria-label": label }).forEach((pair) => bar.setAttribute(...pair));
    bar.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      onPick(place);
    };
  }
}

// On paper a drawing takes the width of the paper, not that of the window: it is drawn for A4, and scaled to the rest.
const PAPER = 700;
function scalable(node) {
  const { width, height } = node._fullLayout;
  node.style.setProperty("--ratio", width / height);
  for (const drawing of node.querySelectorAll(".main-svg")) {
    if (isPrinted) drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    else drawing.removeAttribute("viewBox");
  }
}

// Paper is white: while a page is printed, the dark theme is put aside.
const DARK = "dark";
let putAside = [];
let isPrinted = false;
function brighten() {
  isPrinted = true;
  putAside = [document.documentElement, ...document.querySelectorAll(".radix-themes")].filter((node) =>
    node.classList.contains(DARK),
  );
  for (const node of putAside) node.classList.replace(DARK, "light");
}
function darken() {
  isPrinted = false;
  for (const node of putAside) node.classList.replace("light", DARK);
  putAside = [];
}
if (typeof window !== "undefined") {
  window.addEventListener("beforeprint", brighten);
  window.addEventListener("afterprint", darken);
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
    const draw = (Plotly) => {
      const styles = getComputedStyle(node);
      const { data, layout } = filled(figure, language, styles);
      const font = { ...layout.font, family: styles.fontFamily };
      if (isPrinted) Object.assign(layout, { width: PAPER, autosize: false });
      else if (node.clientWidth < NARROW) narrow(data, layout, node.clientWidth);
      const drawn = Plotly.react(node, data, { ...layout, font }, CONFIG);
      scalable(node);
      return drawn.then(() => {
        if (gone) return;
        node.removeAllListeners?.("plotly_click");
        if (onPick) {
          node.on("plotly_click", ({ points }) => onPick(points[0].pointIndex ?? points[0].pointNumber));
          reachable(node, onPick);
        }
        node.dataset.drawn = "";
        setFailed(false);
      });
    };
    plotly()
      .then((Plotly) => !gone && draw(Plotly))
      .catch(() => {
        if (!gone) setFailed(true);
      });
    const again = () => loaded && draw(loaded);
    window.addEventListener("beforeprint", again);
    window.addEventListener("afterprint", again);
    return () => {
      gone = true;
      window.removeEventListener("beforeprint", again);
      window.removeEventListener("afterprint", again);
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
      <div ref={place} className="chart-place" role={onPick ? "group" : "img"} aria-label={label} hidden={failed} />
      {failed ? <p className="muted small">{trouble}</p> : null}
      {save && hasData && !failed ? (
        <button type="button" className="op chart-save" onClick={download}>
          {save}
        </button>
      ) : null}
    </div>
  );
}
