// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Where the beat is.

/// A steady beat laid through time: which position in beats each instant has. Bars begin at multiples of the metre's bar.
public struct BeatGrid: Hashable, Sendable {
  public var tempo: Tempo
  /// The instant that has the position `origin`.
  public var anchor: Instant
  /// Counted from the beginning of some bar.
  public var origin: Beats
  /// Nil where it is not known.
  public var metre: TimeSignature?
  /// From 0, a guess, to 1, sure.
  public var confidence: Double

  public init(
    tempo: Tempo, anchor: Instant, origin: Beats = .zero, metre: TimeSignature? = nil, confidence: Double = 1
  ) {
    self.tempo = tempo
    self.anchor = anchor
    self.origin = origin
    self.metre = metre
    self.confidence = confidence
  }

  /// The length of a bar: four beats where the metre is not known.
  public var bar: Beats { (metre ?? .common).bar }

  public func position(at instant: Instant) -> Beats { origin + tempo.beats(in: instant - anchor) }

  public func instant(at position: Beats) -> Instant { anchor + tempo.duration(of: position - origin) }

  /// The first multiple of `unit`, which is above zero, that does not lie before `instant`. A hundredth of a unit too late
  /// still counts as on it.
  public func next(_ unit: Beats, from instant: Instant) -> Instant {
    let units = (position(at: instant) / unit - 0.01).rounded(.up)
    return self.instant(at: unit * units)
  }

  public func nextBeat(from instant: Instant) -> Instant { next(Beats(1), from: instant) }

  public func nextBar(from instant: Instant) -> Instant { next(bar, from: instant) }
}

extension BeatGrid {
  /// A transport at `instant`: `beat` beats of the metre from the beginning, so many of them in a bar, each a
  /// `beatType`-th note, and `beatsPerMinute`. Nil for what is no tempo; a metre that is none is left out.
  public init?(
    transport instant: Instant, beat: Double, beatsInABar: Double, beatType: Double, beatsPerMinute: Double
  ) {
    let quarters = beatType > 0 && beatType.isFinite ? 4 / beatType : 1
    guard beat.isFinite, beat.magnitude < 1e8, (1...2000).contains(beatsPerMinute * quarters),
      let tempo = Tempo(beatsPerMinute: beatsPerMinute * quarters)
    else { return nil }
    let metre =
      (1...64).contains(beatsInABar) && (1...64).contains(beatType)
      ? Int(exactly: beatsInABar).flatMap { beats in
        Int(exactly: beatType).map { TimeSignature(beats: beats, unit: $0) }
      } : nil
    self.init(tempo: tempo, anchor: instant, origin: Beats(beat * quarters), metre: metre)
  }
}
