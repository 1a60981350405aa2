// Marks the lines that an address such as #L3-L7 names, and brings the first of them into view.
function mark() {
  const found = /^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
  document.querySelectorAll(".lines .marked").forEach((line) => line.classList.remove("marked"));
  if (!found) return;
  const last = Number(found[2] || found[1]);
  for (let at = Number(found[1]); at <= last; at += 1) {
    const line = document.getElementById(`L${at}`);
    if (!line) break;
    line.classList.add("marked");
  }
  const first = document.getElementById(`L${found[1]}`);
  if (first) first.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", mark);
mark();
