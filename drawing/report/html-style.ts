/** Colours of the page and of its timeline; on paper the light ones. */
export const reportStyle = `
:root{--paper:#fff;--ink:#1b2330;--muted:#5b6676;--line:#d5dbe3;--good:#1c7a3d;--bad:#c01f2e;--work:#0b62c4;--wait:#8a94a3;--warn:#b25a00}
@media (prefers-color-scheme:dark){:root{--paper:#0f141b;--ink:#e7ecf3;--muted:#a3aebd;--line:#2c3644;--good:#4cc274;--bad:#ff7b86;--work:#5ba7ff;--wait:#6b7787;--warn:#f2a14b}}
@media print{:root{--paper:#fff;--ink:#1b2330;--muted:#5b6676;--line:#d5dbe3;--good:#1c7a3d;--bad:#c01f2e;--work:#0b62c4;--wait:#8a94a3;--warn:#b25a00}}
body{margin:2rem auto;max-width:60rem;padding:0 1rem;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
.verdict{padding:.1em .5em;border:2px solid;border-radius:.3em;font-size:.75em}.good{color:var(--good)}.bad,.failure{color:var(--bad)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3em .8em .3em 0;border-bottom:1px solid var(--line)}
th{color:var(--muted);font-weight:600}thead th{overflow-wrap:normal}.wide .short{white-space:nowrap}.wide td:not(.short,:empty){min-width:9rem}.wide .digest{min-width:0}.digest{font:.8em ui-monospace,monospace;line-height:1.8}.warn{color:var(--warn)}a{color:var(--work)}
tbody th{white-space:nowrap;width:12rem}
body.broad{max-width:80rem;font-size:14px}.broad th,.broad td{padding-right:.5em}
@media (max-width:40rem){tbody th{white-space:normal;width:auto}}
svg.timeline{width:100%;min-width:40rem;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.timeline text{fill:var(--ink)}.timeline .axis{fill:var(--muted);text-anchor:middle}.timeline .took{fill:var(--muted)}
.timeline .tick{stroke:var(--line)}.timeline .no-return{stroke:var(--warn);stroke-width:2;stroke-dasharray:6 4}
.timeline .bar{fill:var(--work)}.timeline .done .bar{fill:var(--good)}.timeline .failed .bar{fill:var(--bad)}
.timeline .wait .bar,.timeline .skipped .bar,.timeline .undone .bar{fill:var(--wait)}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr,g{break-inside:avoid}tbody th{white-space:normal}
.wide{overflow:visible}.wide .short,.wide .digest{white-space:normal}.wide td:not(.short,:empty){min-width:0}svg.timeline{min-width:0}body.broad{font-size:11px;page:broad}}
@page broad{size:landscape}
`.trim();
