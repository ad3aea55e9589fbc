import { useEffect, useRef, useState } from "react";

const ACCEPTED = "image/jpeg,image/png,application/pdf";
const PATIENCE_MS = 300_000;
const STEP = 1.5;
const LARGEST_ZOOM = 8;
const CLOSE = "m6 6 12 12M18 6 6 18";
const PAGE = "M14 3H6v18h12V7zM14 3v4h4";
const UPLOAD = "M12 16V4M7 9l5-5 5 5M4 20h16";
const WARNING = "M12 4 2.5 20h19zM12 10v4.5M12 17.4v.1";

function Icon({ d }) {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

// What of a document can be seen without opening it: a picture small, of a PDF that it is one. A picture opens in the
// viewer, a PDF in a tab of its own.
function Thumbnail({ fileKey, name, isPdf, title, about, className, labels }) {
  const [opener, setOpener] = useState(null);
  const [isMissing, setIsMissing] = useState(false);
  useEffect(() => setIsMissing(false), [fileKey]);
  const address = `/files/${fileKey}`;
  const described = { "aria-describedby": about || undefined, title: name, className };
  const named = (action) => (title ? `${title} ${action}` : action);
  if (isPdf) {
    return (
      <a {...described} href={address} target="_blank" rel="noopener" aria-label={named(labels.open)}>
        <Icon d={PAGE} />
        PDF
      </a>
    );
  }
  if (isMissing) return <span {...described}>{labels.missing}</span>;
  return (
    <>
      <button
        {...described}
        type="button"
        aria-label={named(labels.view)}
        aria-haspopup="dialog"
        data-picture={address}
        data-title={title || name}
        onClick={(event) => setOpener(event.currentTarget)}
      >
        <img src={`${address}?thumbnail=1`} alt="" loading="lazy" onError={() => setIsMissing(true)} />
      </button>
      {opener && <Viewer opener={opener} labels={labels} onClose={() => setOpener(null)} />}
    </>
  );
}

// A document with its name above and the word that opens it below.
export function Document({ fileKey, name, isPdf, label, labels }) {
  const figure = useRef(null);
  if (!fileKey) return null;
  return (
    <figure className="doc" ref={figure}>
      <figcaption>{label}</figcaption>
      <Thumbnail {...{ fileKey, name, isPdf, labels }} title={label} className="cert" />
      <div className="row small">
        <span className="muted cut grow" title={name}>
          {name}
        </span>
        <button type="button" className="op" tabIndex={-1} onClick={() => figure.current.querySelector(".cert").click()}>
          {isPdf ? labels.open : labels.view}
        </button>
      </div>
    </figure>
  );
}

// One picture over the whole window, and by the arrows the others of the same `[data-documents]`.
function Viewer({ opener, labels, onClose }) {
  const dialog = useRef(null);
  const stage = useRef(null);
  const [pictures] = useState(() => [...(opener.closest("[data-documents]")?.querySelectorAll("[data-picture]") ?? [opener])]);
  const [at, setAt] = useState(pictures.indexOf(opener));
  // Width in pixels; empty while the picture fits the window.
  const [width, setWidth] = useState(0);
  const { picture, title } = pictures[at].dataset;

  const show = (next) => {
    if (!pictures[next]) return;
    setAt(next);
    setWidth(0);
  };
  const zoom = (factor) => {
    const image = stage.current.firstChild;
    const fitting = Math.min(stage.current.clientWidth, (stage.current.clientHeight * image.naturalWidth) / image.naturalHeight);
    const wanted = Math.min(image.clientWidth * factor, fitting * LARGEST_ZOOM);
    setWidth(wanted > Math.min(fitting, image.naturalWidth) * 1.01 ? wanted : 0);
  };
  const onKey = (event) => {
    // The page behind has keys of its own.
    event.stopPropagation();
    const actions = {
      ArrowLeft: width ? null : () => show(at - 1),
      ArrowRight: width ? null : () => show(at + 1),
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      0: () => setWidth(0),
    };
    const action = event.ctrlKey || event.metaKey ? null : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  useEffect(() => {
    if (!dialog.current.open) dialog.current.showModal();
    stage.current.focus();
  }, []);
  useEffect(() => {
    const shown = dialog.current;
    shown.addEventListener("keydown", onKey);
    return () => shown.removeEventListener("keydown", onKey);
  });
  useEffect(() => {
    const { current } = stage;
    current.scrollTo((current.scrollWidth - current.clientWidth) / 2, (current.scrollHeight - current.clientHeight) / 2);
  }, [width]);
  const drag = (event) => {
    if (event.buttons !== 1 || event.pointerType !== "mouse") return;
    stage.current.scrollBy(-event.movementX, -event.movementY);
  };

  return (
    <dialog ref={dialog} className="viewer" aria-label={title} onClose={onClose} onClick={(event) => event.stopPropagation()}>
      <header>
        <b className="cut">{title}</b>
        {pictures.length > 1 && (
          <>
            <button type="button" className="hb" aria-disabled={at === 0} onClick={() => show(at - 1)}>
              {labels.previous}
            </button>
            <span className="small muted">{`${at + 1} / ${pictures.length}`}</span>
            <button type="button" className="hb" aria-disabled={at === pictures.length - 1} onClick={() => show(at + 1)}>
              {labels.next}
            </button>
          </>
        )}
        <span className="grow" />
        <button type="button" className="hb" onClick={() => zoom(STEP)}>
          {labels.larger}
        </button>
        <button type="button" className="hb" onClick={() => zoom(1 / STEP)}>
          {labels.smaller}
        </button>
        <button type="button" className="hb" onClick={() => setWidth(0)}>
          {labels.fit}
        </button>
        <button type="button" className="hb sq" aria-label={labels.close} onClick={() => dialog.current.close()}>
          <Icon d={CLOSE} />
        </button>
      </header>
      <div ref={stage} className="stage" tabIndex={0} data-large={width ? "" : undefined} onPointerMove={drag}>
        <img src={picture} alt={title} draggable={false} style={width ? { width } : undefined} onDoubleClick={() => (width ? setWidth(0) : zoom(STEP * STEP))} />
      </div>
    </dialog>
  );
}

// Sends one file at a time to the server as soon as it is chosen or dropped, and tells the page its key.
export function FileUpload({ id, label, value, fileName, error, hint, largest, labels, onChange }) {
  const input = useRef(null);
  const request = useRef(null);
  const [sent, setSent] = useState(null);
  // What was just uploaded or removed, until the page says the same.
  const [kept, setKept] = useState(null);
  const [problem, setProblem] = useState("");
  const [said, setSaid] = useState("");
  const [isOver, setIsOver] = useState(false);
  useEffect(() => setKept(null), [value, fileName]);
  useEffect(() => {
    // A file dropped beside the field would be opened by the browser, instead of the page.
    const stay = (event) => event.preventDefault();
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
      request.current?.abort();
    };
  }, []);

  const settle = (text, key, name) => {
    request.current = null;
    setSent(null);
    setProblem(key === undefined ? text : "");
    setSaid(key === undefined ? "" : text);
    if (key === undefined) return;
    setKept({ key, name });
    onChange(key);
  };
  const send = (files) => {
    if (!files.length || request.current) return;
    if (files.length > 1) return setProblem(labels.single);
    const [file] = files;
    if (file.size > largest) return setProblem(labels.tooLarge);
    const sending = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file);
    request.current = sending;
    setProblem("");
    setSaid("");
    setSent(0);
    sending.open("POST", "/files");
    sending.responseType = "json";
    sending.timeout = PATIENCE_MS;
    sending.upload.onprogress = ({ loaded, total }) => setSent(Math.floor((100 * loaded) / total));
    sending.onload = () => {
      const answer = sending.response ?? {};
      if (sending.status === 201) settle(labels.done.replace("{name}", answer.name), answer.key, answer.name);
      else settle(answer.error?.message ?? labels.failed);
    };
    sending.onerror = sending.ontimeout = () => settle(labels.failed);
    sending.onabort = () => settle("");
    sending.send(form);
  };
  const choose = () => input.current.click();
  const remove = () => {
    settle(labels.removed, "", "");
    input.current.focus();
  };
  const drop = (event) => {
    event.preventDefault();
    setIsOver(false);
    send(event.dataTransfer.files);
  };

  const shown = kept ?? { key: value, name: fileName };
  const wrong = problem || (sent === null ? error : "");
  return (
    <div className={wrong ? "field bad" : "field"}>
      <label htmlFor={id} id={`${id}-label`}>
        {label}
      </label>
      <div
        className="upload"
        data-over={isOver ? "" : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget) || setIsOver(false)}
        onDrop={drop}
      >
        <input
          ref={input}
          id={id}
          type="file"
          className="vh"
          accept={ACCEPTED}
          tabIndex={shown.key ? -1 : 0}
          aria-invalid={wrong ? "true" : "false"}
          aria-describedby={`${id}-about`}
          onChange={(event) => {
            send([...event.target.files]);
            event.target.value = "";
          }}
        />
        {sent !== null ? (
          <>
            <div className="grow">
              <div className="small">{sent < 100 ? labels.sending.replace("{n}", sent) : labels.checking}</div>
              <div className="prog" role="progressbar" aria-label={label} aria-valuenow={sent}>
                <i style={{ width: `${sent}%` }} />
              </div>
            </div>
            <button type="button" className="op" onClick={() => request.current?.abort()}>
              {labels.cancel}
            </button>
          </>
        ) : shown.key ? (
          <>
            <Thumbnail
              fileKey={shown.key}
              name={shown.name}
              isPdf={shown.name.toLowerCase().endsWith(".pdf")}
              about={`${id}-label`}
              className="thumb"
              labels={labels}
            />
            <span className="grow cut" title={shown.name}>
              {shown.name}
            </span>
            <button type="button" className="op" aria-describedby={`${id}-label`} onClick={choose}>
              {labels.replace}
            </button>
            <button type="button" className="op" aria-describedby={`${id}-label`} onClick={remove}>
              {labels.remove}
            </button>
          </>
        ) : (
          <div className="grow row pick" onClick={choose}>
            <Icon d={UPLOAD} />
            <span>
              <span className="op">{labels.choose}</span> <span className="muted only-d">{labels.drop}</span>
            </span>
          </div>
        )}
      </div>
      {wrong ? (
        <div className="err" id={`${id}-about`} role="alert">
          <Icon d={WARNING} />
          <span>{wrong}</span>
        </div>
      ) : (
        <div className="hint" id={`${id}-about`}>
          {hint}
        </div>
      )}
      <div className="vh" role="status">
        {said}
      </div>
    </div>
  );
}
