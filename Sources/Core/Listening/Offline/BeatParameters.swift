// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what is assumed about beats.

/// The figures of the model of `BeatPath`; probabilities as logarithms. They were found by chance search on performances
/// of scores by composers other than those that it is tested on (docs/decisions/beats-of-whole-pieces.md).
struct BeatParameters: Sendable {
  /// How far onsets are played from where they are meant: in seconds, and as a share of the beat.
  var jitter = 0.0194
  var looseness = 0.022
  /// Change of a beat's length from one to the next, as standard deviation of its logarithm; beyond `bend` deviations it
  /// costs linearly, for fermatas and new tempi.
  var rubato = 0.07
  var bend = 1.1
  /// The usual length of a beat, in seconds, and its deviation in octaves; `habit` is what that weighs a beat.
  var usual = 0.63
  var range = 0.63
  var habit = 0.6
  /// An onset that stands nowhere, a beat without an onset, a beat at all, a change of division.
  var astray = -4.3
  var empty = -0.8
  var beat = -0.21
  var change = -5.1
  /// An onset at a division of the beat that is not played: nothing stands as near to it as the division is long.
  var alone = -2.0
  /// A beat slower than 50 a minute with an onset at each of its thirds, which are rather beats themselves.
  var full = -1.5
  /// An odd sixth of a beat in three beside a quarter of one in two.
  var sixth = -1.2
  /// Multiplies what the features say.
  var salience = 0.66
}
