// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: an analysis for programs to read; docs/analysis-format.md describes it.
import FoundationEssentials
import Listening
import Music

package enum AnalysisJSON {
  private struct Report: Encodable {
    var file: String
    var heard: String
    var duration: Double
    var notes: Int
    var beats, downbeats: [Double]
    var metre: String?
    var medianTempo: Double?
    var confidence: Double
    var tempo: [TempoPoint]
    var key, chords: [Named]
    var phrases: [PhraseSpan]
    var playing: Playing?
    var baseline: BaselineReport?
  }

  private struct TempoPoint: Encodable { var at, bpm: Double }

  private struct Named: Encodable {
    var from, to: Double
    var name: String
  }

  private struct PhraseSpan: Encodable {
    var from, to: Double
    var notes: Int
  }

  private struct Playing: Encodable {
    var density, articulation: Double?
    var polyphony: Double
    var loudness: Int
    var lowest, highest: Int
  }

  private struct BaselineReport: Encodable {
    var autocorrelationTempo: Double?
    var autocorrelationBeats: [Double]
    var krumhanslSchmucklerKey: String?
  }

  package static func text(_ heard: HeardFile) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(report(heard)), as: UTF8.self) + "\n"
  }

  private static func report(_ heard: HeardFile) -> Report {
    let analysis = heard.analysis
    func seconds(_ instant: Instant) -> Double { rounded(heard.seconds(instant), 10_000) }
    return Report(
      file: heard.path, heard: heard.isLive ? "live" : "whole", duration: rounded(heard.duration, 10_000),
      notes: heard.notes.count, beats: analysis.beats.map(seconds), downbeats: analysis.downbeats.map(seconds),
      metre: analysis.metre.map { "\($0.beats)/\($0.unit)" },
      medianTempo: analysis.medianTempo.map { rounded($0.beatsPerMinute, 100) },
      confidence: rounded(analysis.confidence, 1000),
      tempo: analysis.tempo.map { TempoPoint(at: seconds($0.at), bpm: rounded($0.tempo.beatsPerMinute, 100)) },
      key: analysis.keys.map { Named(from: seconds($0.start), to: seconds($0.end), name: "\($0.value)") },
      chords: analysis.chords.map {
        Named(from: seconds($0.start), to: seconds($0.end), name: analysis.name(of: $0))
      },
      phrases: analysis.phrases.map { PhraseSpan(from: seconds($0.start), to: seconds($0.end), notes: $0.value) },
      playing: heard.features.map(playing), baseline: heard.baseline.map(baseline))
  }

  private static func playing(_ features: PhraseFeatures) -> Playing {
    Playing(
      density: features.density.map { rounded($0, 1000) },
      articulation: features.articulation.map { rounded($0, 1000) },
      polyphony: rounded(features.polyphony, 1000), loudness: Int(features.loudness.value),
      lowest: Int(features.lowest.number), highest: Int(features.highest.number))
  }

  private static func baseline(_ baseline: Baseline) -> BaselineReport {
    BaselineReport(
      autocorrelationTempo: baseline.tempo.map { rounded($0.beatsPerMinute, 100) },
      autocorrelationBeats: baseline.beats.map { rounded($0, 10_000) },
      krumhanslSchmucklerKey: baseline.key.map { "\($0)" })
  }

  private static func rounded(_ value: Double, _ parts: Double) -> Double { (value * parts).rounded() / parts }
}
