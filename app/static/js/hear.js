// Hearing on the parents' pages. Without it the browser's own players and links do.
"use strict";
{
  const all = (what) => document.querySelectorAll(what);

  // --- A word or name: one button. One sound at a time.
  for (const audio of all("audio[data-short]")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "hear", textContent: "▶" });
    button.setAttribute("aria-label", audio.getAttribute("aria-label"));
    button.addEventListener("click", () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()));
    for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, () => { button.textContent = audio.paused ? "▶" : "❚❚"; });
    audio.hidden = true;
    audio.after(button);
  }
  document.addEventListener("play", ({ target }) => {
    window.speechSynthesis?.cancel();
    for (const audio of all("audio")) if (audio !== target) audio.pause();
  }, true);

  // --- What cannot be played: whom to ring.
  document.addEventListener("error", ({ target }) => {
    if (target.matches("audio:not([data-short])")) for (const call of all("[data-call]")) call.hidden = false;
  }, true);

  // --- The device's own voice: nothing leaves it.
  const voiceOf = (tag) => {
    const [wanted] = tag.split("-");
    return speechSynthesis.getVoices().find(({ lang, localService }) => {
      const [has] = lang.toLowerCase().split(/[-_]/);
      return localService && (has === wanted || (has === "no" && wanted === "nb"));
    });
  };
  const offer = () => { for (const button of all("[data-voice]")) button.hidden = !voiceOf(button.dataset.voice); };
  let speaking = null;
  const say = (button) => {
    const goesOn = speechSynthesis.speaking && speaking === button;
    speechSynthesis.cancel();
    if (goesOn) return;
    for (const audio of all("audio")) audio.pause();
    speaking = button;
    const voice = voiceOf(button.dataset.voice);
    const words = button.dataset.words ? [button.dataset.words] : [...all(".first, .question")].map((part) => part.textContent);
    for (const one of words) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(one), { voice, lang: voice.lang }));
  };
  if (window.speechSynthesis) {
    offer();
    speechSynthesis.addEventListener?.("voiceschanged", offer);
    for (const button of all("[data-voice]")) button.addEventListener("click", () => say(button));
  }

  // --- The sound as a file: sent on, else saved by the link itself.
  for (const link of all("a.share")) {
    const file = (content) => new File(content, link.download, { type: link.dataset.type });
    link.addEventListener("click", async (event) => {
      if (!navigator.canShare?.({ files: [file([])] })) return;
      event.preventDefault();
      try {
        await navigator.share({ files: [file([await (await fetch(link.href)).blob()])] });
      } catch (fault) {
        if (fault.name !== "AbortError") location.href = link.href;
      }
    });
  }
}
