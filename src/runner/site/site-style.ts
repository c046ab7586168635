/** The only style of the site. Its colours follow the reader's choice of light or dark. */
export const siteStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c1c1c;--soft:#5b5b5b;--line:#d9d9d9;--tint:#f4f4f2;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--paper:#16181a;--ink:#e6e6e6;--soft:#a2a2a2;--line:#3a3d40;--tint:#212427;--link:#7db7f0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,footer{color:var(--soft);font-size:.9rem}
nav a{margin-right:1rem}
a{color:var(--link)}
h1{font-size:1.5rem;line-height:1.25}
h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--line)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{overflow-wrap:break-word;text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
code,pre{background:var(--tint);font:.9em ui-monospace,monospace}
pre{padding:.6rem;overflow-x:auto}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.6rem;padding:0;margin:0}
dl div{background:var(--tint);padding:.5rem .7rem}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
figure{margin:1rem 0}
svg,img{max-width:100%;height:auto;background:#fff}
`;
