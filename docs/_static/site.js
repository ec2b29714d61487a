// What the theme leaves out for readers who use a keyboard or a screen reader.
document.addEventListener("DOMContentLoaded", () => {
  for (const caption of document.querySelectorAll(".caption[role=heading]")) caption.setAttribute("aria-level", "2");
  const names = { ".sidebar-drawer": "Site", ".toc-drawer": "This page" };
  for (const [place, name] of Object.entries(names))
    for (const drawer of document.querySelectorAll(place)) drawer.setAttribute("aria-label", name);
  for (const box of document.querySelectorAll("pre, .product div, .table-wrapper, .cell_output div, .output div"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
});
