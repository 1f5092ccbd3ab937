// Narrows the list of cases by words, and by how they ended.
for (const suite of document.querySelectorAll("section.suite")) {
  const words = suite.querySelector("input"), stage = suite.querySelector("select");
  const cases = [...suite.querySelectorAll("details.case")], count = suite.querySelector(".count");
  const narrow = () => {
    const wanted = words.value.trim().toLowerCase();
    let shown = 0;
    for (const one of cases) {
      const right = stage.value === "" || (stage.value === "failed" ? one.dataset.stage !== "passed" : one.dataset.stage === stage.value);
      one.hidden = !(right && one.textContent.toLowerCase().includes(wanted));
      shown += one.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${cases.length} cases`;
  };
  words.addEventListener("input", narrow);
  stage.addEventListener("change", narrow);
  narrow();
}
