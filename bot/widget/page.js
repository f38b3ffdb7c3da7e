// The page of a document works without this; with it the marked quote is in sight at once.

const NARROW = matchMedia("(max-width: 68rem)");

const contents = document.querySelector(".contents details");
if (contents && NARROW.matches) contents.open = false;

function showQuote() {
  document.querySelector("mark")?.scrollIntoView({ block: "center" });
}

// After the browser has gone to the #part by itself.
if (document.readyState === "complete") showQuote();
else addEventListener("load", showQuote);
