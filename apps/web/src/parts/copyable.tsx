import { useState } from "react";

/** A text to be carried elsewhere, with a button that does. */
export function Copyable({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="copyable">
      <code title={label}>{text}</code>
      {"clipboard" in navigator && (
        <button type="button" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
          {copied ? "Copied" : "Copy"}
        </button>
      )}
      <span className="unseen" role="status">
        {copied ? `${label} copied` : ""}
      </span>
    </div>
  );
}
