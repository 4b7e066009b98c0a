/** The landscape behind the page: hills, a cottage, and a light in its window after dark. Decoration only. */
export function Scene() {
  return (
    <div className="scene" aria-hidden="true">
      <svg viewBox="0 0 1600 520" preserveAspectRatio="xMidYMax slice" role="presentation">
        <defs>
          <radialGradient id="glow">
            <stop className="glow-colour" offset="0" stopOpacity="0.55" />
            <stop className="glow-colour" offset="1" stopOpacity="0" />
          </radialGradient>
        </defs>
        <g className="stars">
          {STARS.map(([x, y, r]) => (
            <circle key={`${x}-${y}`} cx={x} cy={y} r={r} />
          ))}
        </g>
        <circle className="glow" cx="1310" cy="120" r="170" />
        <circle className="luminary" cx="1310" cy="120" r="46" />
        <path className="hill far" d="M0 360C180 300 330 280 520 318s330 44 520-14 380-64 560-8v224H0Z" />
        <path className="hill middle" d="M0 420c220-66 420-74 640-34s420 20 560-18 260-30 400 2v150H0Z" />
        <g className="cottage" transform="translate(1076 318)">
          <path className="smoke" d="M92 8c-10-14 12-20 2-36s12-22 4-38" />
          <rect className="chimney" x="84" y="6" width="16" height="30" />
          <path className="roof" d="M-8 52 18 14h84l26 38Z" />
          <rect className="wall" x="2" y="52" width="116" height="46" />
          <rect className="window" x="18" y="64" width="20" height="18" rx="2" />
          <rect className="window" x="82" y="64" width="20" height="18" rx="2" />
          <path className="door" d="M50 98V72a10 10 0 0 1 20 0v26Z" />
        </g>
        <path className="hill near" d="M0 470c260-60 520-58 800-26s560 14 800-40v116H0Z" />
        <path className="path" d="M1132 412c-8 22-58 30-78 50s-40 34-96 58h60c40-26 62-40 76-60s46-28 52-48Z" />
      </svg>
    </div>
  );
}

const STARS = [
  [120, 60, 1.6],
  [260, 130, 1.1],
  [390, 48, 1.3],
  [520, 150, 1],
  [640, 84, 1.7],
  [770, 40, 1.1],
  [860, 140, 1.3],
  [980, 72, 1],
  [1040, 180, 1.2],
  [1210, 40, 1.4],
  [1420, 150, 1.1],
  [1520, 90, 1.6],
] as const;
