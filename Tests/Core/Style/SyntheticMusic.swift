// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: music made up from seeds.
import Music
import Style

/// Two-handed pieces with a melody that wanders through a scale and chords under it, different for every seed.
func syntheticPiece(seed: UInt64, onsets: Int = 64) -> Piece {
  var random = RandomSource(seed: seed)
  let tonic = Int.random(in: 0..<12, using: &random)
  let key = Key(tonic: PitchClass(tonic), mode: .major)
  let steps = [0, 2, 4, 5, 7, 9, 11]
  var degree = 14
  var onset = 0.0
  var right: [Note] = []
  var left: [Note] = []
  for index in 0..<onsets {
    degree = min(24, max(4, degree + [-2, -1, -1, 1, 1, 2, 4].randomElement(using: &random)!))
    let pitch = 48 + tonic + degree / 7 * 12 + steps[degree % 7]
    let length = [0.25, 0.5, 0.5, 1].randomElement(using: &random)!
    let velocity = Velocity(clamping: 60 + Int.random(in: 0..<40, using: &random))
    right.append(
      Note(pitch: Pitch(clamping: pitch), velocity: velocity, onset: Beats(onset), duration: Beats(length * 0.9)))
    if index % 4 == 0 {
      for gap in [0, 4, 7] {
        left.append(Note(pitch: Pitch(clamping: 36 + tonic + gap), onset: Beats(onset), duration: Beats(1)))
      }
    }
    onset += length
  }
  return Piece(
    title: "piece \(seed)", parts: [Part(name: "right", notes: right), Part(name: "left", notes: left)],
    keys: [Positioned(position: .zero, value: key)],
    timeSignatures: [Positioned(position: .zero, value: .common)])
}

func syntheticStyle(seeds: some Sequence<UInt64>) -> Style {
  var learner = StyleLearner(information: StyleInformation(title: "synthetic", artist: "nobody", licence: "CC0"))
  for seed in seeds { learner.learn(syntheticPiece(seed: seed)) }
  return learner.style()
}

/// A phrase as a player would give it: jitter in time, some chords.
func syntheticPhrase(seed: UInt64, onsets: Int = 12) -> [Note] {
  var random = RandomSource(seed: seed &+ 1_000_000)
  var notes: [Note] = []
  var onset = 0.0
  var pitch = Int.random(in: 50..<75, using: &random)
  for _ in 0..<onsets {
    let jitter = random.uniform() * 0.02
    notes.append(
      Note(
        pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: Int.random(in: 30..<110, using: &random)),
        onset: Beats(onset + jitter), duration: Beats(0.3 + random.uniform())))
    if random.uniform() < 0.2 {
      notes.append(Note(pitch: Pitch(clamping: pitch - 16), onset: Beats(onset), duration: Beats(1)))
    }
    pitch = min(90, max(30, pitch + Int.random(in: -5...5, using: &random)))
    onset += [0.25, 1 / 3.0, 0.5, 1].randomElement(using: &random)!
  }
  return notes
}
