import { useRef, useState } from "react";

const TIMEOUT_MS = 15000;

/* Asks for one page at a time, in the order wanted; one that does not come in time is left to the user to retry. */
export function usePages(ask) {
  const [failed, setFailed] = useState(() => new Set());
  const [busy, setBusy] = useState(null);
  const wanted = useRef([]);
  const timer = useRef(0);
  const current = useRef(null);
  const askNow = useRef(ask);
  askNow.current = ask;

  const next = () => {
    clearTimeout(timer.current);
    current.current = wanted.current.shift() ?? null;
    setBusy(current.current);
    if (!current.current) return;
    const { key, parent, offset } = current.current;
    timer.current = setTimeout(() => {
      setFailed((keys) => new Set(keys).add(key));
      next();
    }, TIMEOUT_MS);
    askNow.current(Number(parent), offset);
  };

  return {
    busy,
    failed,
    isWanted: (key) => current.current?.key === key || wanted.current.some((page) => page.key === key),
    want(page) {
      setFailed((keys) => new Set([...keys].filter((key) => key !== page.key)));
      wanted.current.push(page);
      if (!current.current) next();
    },
    arrived(parents) {
      wanted.current = wanted.current.filter((page) => page.offset > 0 || !parents.has(page.parent));
      setFailed((keys) => new Set([...keys].filter((key) => !parents.has(key.split("/")[0]))));
      if (current.current && parents.has(current.current.parent)) next();
    },
    forget() {
      clearTimeout(timer.current);
      wanted.current = [];
      current.current = null;
      setBusy(null);
      setFailed(new Set());
    },
  };
}
