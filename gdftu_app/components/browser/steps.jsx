import { useEffect } from "react";

// After a form has turned to another step, or was refused: goes to the first field that is wrong, or to the head of
// the step, so that whoever uses the keyboard or a screen reader is where the page is.
export function StepFocus({ turn }) {
  useEffect(() => {
    if (!turn) return;
    const wrong = document.querySelector('main [aria-invalid="true"]');
    (wrong ?? document.querySelector("main [data-step]"))?.focus();
  }, [turn]);
  return null;
}
