// Short sounds made of sine and triangle tones: nothing to load, nothing to license, told apart by
// melody rather than by pitch alone, so that they also differ on a laptop's speaker.

/** [start s, frequency Hz, length s, shape]; the peak of each tone is 1. */
const NOTES = {
  alarm: [0, 0.34, 0.68].flatMap((at) => [[at, 988, 0.15, "triangle"], [at + 0.17, 740, 0.15, "triangle"]]),
  chime: [[0, 659, 0.25, "sine"], [0.16, 880, 0.4, "sine"]],
  knock: [0, 0.16, 0.32].map((at) => [at, 262, 0.09, "triangle"]),
  pulse: [0, 0.2, 0.5, 0.7].map((at) => [at, 587, 0.12, "triangle"]),
  fall: [[0, 587, 0.18, "sine"], [0.18, 440, 0.18, "sine"], [0.36, 294, 0.4, "sine"]],
  rise: [[0, 294, 0.14, "sine"], [0.14, 440, 0.14, "sine"], [0.28, 587, 0.3, "sine"]],
  bell: [[0, 1047, 0.14, "sine"], [0.13, 1319, 0.3, "sine"]],
  tick: [[0, 1175, 0.06, "sine"]],
};
const ATTACK_S = 0.008;

export const SOUNDS = ["none", ...Object.keys(NOTES)];

/** Play a sound at a volume from 0 to 1; returns how long it takes, in seconds. */
export function play(context, name, volume) {
  const notes = NOTES[name];
  if (!notes || volume <= 0) return 0;
  const out = context.createGain();
  out.gain.value = volume * volume; // loudness is heard by its logarithm
  out.connect(context.destination);
  const now = context.currentTime + 0.02;
  let end = 0;
  for (const [at, frequency, length, shape] of notes) {
    const tone = context.createOscillator();
    const envelope = context.createGain();
    tone.type = shape;
    tone.frequency.value = frequency;
    envelope.gain.setValueAtTime(0, now + at);
    envelope.gain.linearRampToValueAtTime(1, now + at + ATTACK_S);
    envelope.gain.exponentialRampToValueAtTime(0.001, now + at + length);
    tone.connect(envelope).connect(out);
    tone.start(now + at);
    tone.stop(now + at + length + 0.02);
    end = Math.max(end, at + length);
  }
  setTimeout(() => out.disconnect(), (end + 0.3) * 1000);
  return end;
}
