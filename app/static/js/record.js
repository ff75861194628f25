// Recording in the browser, into the form's file field. Without it a file is chosen there.
"use strict";

const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"]; // the first plays on every telephone
const BITS = 64_000;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function offer(box) {
  const kind = window.MediaRecorder && navigator.mediaDevices && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  if (!kind) return;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [start, stop, time, status, player] = ["start", "stop", "time", "status", "listen"].map(part);
  const field = document.getElementById(box.dataset.recorder);
  const longest = Number(box.dataset.longest);
  let recorder = null, timer = 0;
  box.hidden = false;

  const show = (isGoing) => {
    start.hidden = isGoing;
    stop.hidden = !isGoing;
    (isGoing ? stop : start).focus();
  };

  function keep(pieces, stream) {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    const type = kind.split(";")[0];
    const chosen = new DataTransfer();
    chosen.items.add(new File(pieces, `recording.${type.split("/")[1]}`, { type }));
    field.files = chosen.files;
    URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(chosen.files[0]);
    player.hidden = false;
    status.textContent = box.dataset.ready;
    show(false);
  }

  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      status.textContent = box.dataset.refused;
      return;
    }
    const pieces = [], begun = Date.now();
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: BITS });
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => keep(pieces, stream));
    recorder.start();
    player.pause();
    player.hidden = true;
    status.textContent = box.dataset.going;
    time.textContent = `${clock(0)} / ${clock(longest)}`;
    timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - begun) / 1000);
      time.textContent = `${clock(Math.min(seconds, longest))} / ${clock(longest)}`;
      if (seconds >= longest && recorder.state === "recording") recorder.stop();
    }, 200);
    show(true);
  });
  stop.addEventListener("click", () => recorder.state === "recording" && recorder.stop());
}

for (const box of document.querySelectorAll("[data-recorder]")) offer(box);
