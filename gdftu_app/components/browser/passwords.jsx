import { useEffect, useRef, useState } from "react";

const KNOWN_PATTERNS = ["dictionary", "spatial", "repeat", "sequence", "date"];
// What consists of known parts but for one character needs so many times the tries.
const FOR_KNOWN_PARTS = 100;
const PHONE_RUN = 6;
const QUIET_MS = 800;
const NOTHING = { length: null, classes: null, personal: null, guesses: null };

let loading;

// The estimator and its lists are fetched when somebody is about to type a password, never with the page.
function estimator() {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")])
    .then(([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) => {
      const factory = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary, maxLength: 64 });
      return (password) => factory.check(password);
    })
    .catch(() => {
      loading = undefined;
      return null;
    });
  return loading;
}

function kindsIn(password) {
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u];
  return kinds.filter((kind) => kind.test(password)).length;
}

function holdsPartOf(password, phone) {
  const digits = phone.normalize("NFKC").replace(/\D/g, "").slice(-11);
  for (let start = 0; start + PHONE_RUN <= digits.length; start += 1) {
    if (password.includes(digits.slice(start, start + PHONE_RUN))) return true;
  }
  return false;
}

function judged({ guesses, sequence }, leastGuesses) {
  const lengths = {};
  for (const { pattern, token } of sequence) {
    const name = pattern === "regex" ? "date" : pattern;
    lengths[name] = (lengths[name] ?? 0) + token.length;
  }
  const needed = leastGuesses * ((lengths.bruteforce ?? 0) > 1 ? 1 : FOR_KNOWN_PARTS);
  const [commonest] = KNOWN_PATTERNS.filter((name) => lengths[name]).sort((a, b) => lengths[b] - lengths[a]);
  return { isHard: guesses >= needed, reason: commonest, share: Math.min(1, Math.log10(guesses + 1) / 14) };
}

// Says, while a new password is typed, which rules it keeps and how easily it would be guessed. The password stays in
// its field: only what is said of it is kept here, and nothing is sent anywhere.
export function PasswordRules({ field, phone, length, classes, guesses, labels }) {
  const [met, setMet] = useState(NOTHING);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const input = document.getElementById(field);
    if (!input) return undefined;
    let latest = 0;
    let estimate = null;
    const look = async () => {
      latest += 1;
      const mine = latest;
      const typed = input.value.normalize("NFKC");
      if (!typed) return setMet(NOTHING);
      const phoneField = phone ? document.getElementById(phone) : null;
      const rules = {
        length: [...typed].length >= length,
        classes: kindsIn(typed) >= classes,
        personal: phoneField?.value && holdsPartOf(typed, phoneField.value) ? false : null,
      };
      setMet((before) => ({ ...rules, guesses: before.guesses }));
      estimate ??= await estimator();
      if (mine !== latest) return undefined;
      return setMet({ ...rules, guesses: estimate && judged(estimate(typed), guesses) });
    };
    const prepare = () => estimator();
    input.addEventListener("focus", prepare);
    input.addEventListener("input", look);
    if (document.activeElement === input) prepare();
    return () => {
      latest += 1;
      input.removeEventListener("focus", prepare);
      input.removeEventListener("input", look);
    };
  }, [field, phone, length, classes, guesses]);

  const isHard = met.guesses ? met.guesses.isHard : null;
  const estimateText = isHard === null ? labels.guesses : isHard ? labels.hard : labels[met.guesses.reason] ?? labels.easy;
  const rows = [
    ["length", met.length, labels.length],
    ["classes", met.classes, labels.classes],
    ["personal", met.personal, labels.personal],
    ["guesses", isHard, estimateText],
  ];
  const open = rows.filter(([, isMet]) => isMet === false).map(([, , text]) => text);
  const summary = met.length === null ? "" : open.length ? `${labels.open}${open.join(labels.joint)}` : labels.allMet;
  useEffect(() => {
    const timer = setTimeout(() => setSaid(summary), QUIET_MS);
    return () => clearTimeout(timer);
  }, [summary]);
  return (
    <div className="rules">
      <ul id={`${field}-rules`}>
        {rows.map(([name, isMet, text]) => (
          <li key={name} data-met={isMet === null ? "unknown" : isMet ? "yes" : "no"}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <path d={isMet ? "m3 7.4 2.7 2.7L11 4.4" : isMet === false ? "m4 4 6 6m0-6-6 6" : "M4 7h6"} />
            </svg>
            <span>{text}</span>
          </li>
        ))}
      </ul>
      <div className={isHard === false ? "prog red" : "prog"} aria-hidden="true">
        <i style={{ width: `${(met.guesses?.share ?? 0) * 100}%` }} />
      </div>
      <div className="vh" role="status" aria-live="polite">
        {said}
      </div>
    </div>
  );
}

// Lets the form around it be sent once: a second click would only find the code used up.
export function SendOnce() {
  const here = useRef(null);
  useEffect(() => {
    const form = here.current?.closest("form");
    if (!form) return undefined;
    let isSent = false;
    const onSubmit = (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    };
    const onShow = () => {
      isSent = false;
    };
    form.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", onShow);
    return () => {
      form.removeEventListener("submit", onSubmit);
      window.removeEventListener("pageshow", onShow);
    };
  }, []);
  return <span ref={here} hidden />;
}
