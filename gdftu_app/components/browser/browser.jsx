import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { Button } from "@radix-ui/themes";

// Keeps the page's query in the address bar. What the reader chose becomes a step of the history, so that going back
// undoes it; a query that only spells the present address otherwise replaces it. The router, which hears nothing of such
// steps, loads the page again when somebody goes back, unless that leads to the very address it knew last: then we do.
export function Address({ query, settled, onReturn }) {
  const { pathname, search } = useLocation();
  useEffect(() => {
    const look = () => {
      const { location } = window;
      if (location.pathname === pathname && location.search === search) onReturn();
    };
    window.addEventListener("popstate", look);
    return () => window.removeEventListener("popstate", look);
  }, [pathname, search, onReturn]);
  useEffect(() => {
    if (!settled) return;
    const here = new URLSearchParams(window.location.search).toString();
    const there = new URLSearchParams(query).toString();
    if (here === there) return;
    const url = window.location.pathname + (there ? `?${there}` : "");
    const state = window.history.state ?? {};
    const key = Math.random().toString(36).slice(2, 10);
    window.history.pushState({ ...state, key, idx: (state.idx ?? 0) + 1 }, "", url);
  }, [query, settled]);
  return null;
}

// Tells screen readers, hyphenation and fonts what language the page speaks now.
export function DocumentLanguage({ language }) {
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return null;
}

// Tells the page every so many seconds, while somebody looks at it, and so many times at most.
export function Repeating({ seconds, times, onTick }) {
  useEffect(() => {
    let left = times;
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      if (left-- > 0) onTick();
      else clearInterval(timer);
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, times]);
  return null;
}

// A button that waits out its seconds, counting them down in its own words. The seconds are the server's, for the
// clock of this machine may be wrong; a reload goes on where it was. Before the page is alive a press would be lost.
export function Countdown({ seconds, run, isReady, label, waiting, onPress, ...props }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const key = `countdown-${run}`;
    const until = Number(sessionStorage.getItem(key)) || Date.now() + seconds * 1000;
    sessionStorage.setItem(key, until);
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [run, seconds]);
  const waits = left > 0;
  return (
    <Button {...props} type="button" className="count" disabled={waits || !isReady} onClick={() => onPress()}>
      {waits ? waiting.replace("{n}", left) : label}
    </Button>
  );
}

// Fills a field with what the visitor typed before the form was refused. It comes by a request of its own, because
// nothing a person types about himself is kept in the page's state.
export function KeptPhone({ target }) {
  useEffect(() => {
    const leave = new AbortController();
    fetch("/session/form", { headers: { Accept: "application/json" }, signal: leave.signal })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then(({ phone }) => {
        const field = document.getElementById(target);
        if (phone && field && !field.value) field.value = phone;
      })
      .catch(() => {});
    return () => leave.abort();
  }, [target]);
  return null;
}

const AFTER_TYPING_MS = 350;

// Single-letter shortcuts, off while typing and when switched off (see keys.jsx): `/` goes to the page's search, Escape
// leaves it.
export function Shortcuts({ searchId, onLeaveSearch }) {
  useEffect(() => {
    const onKey = (event) => {
      const search = document.getElementById(searchId);
      const types = event.target.closest?.("input, textarea, select, [contenteditable]");
      const isOff = localStorage.getItem("single-letter-keys") === "off";
      if (event.key === "/" && !isOff && !types && !event.ctrlKey && !event.metaKey && search) {
        event.preventDefault();
        search.focus();
      }
      if (event.key === "Escape" && event.target === search) {
        search.value = "";
        search.blur();
        // What was typed last may still be on its way to the server, and must not come after this.
        setTimeout(onLeaveSearch, AFTER_TYPING_MS);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [searchId, onLeaveSearch]);
  return null;
}
