// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: a peer beside jamd, on the same notes in the same minute.
import FoundationEssentials
import Glibc
import Music
import Style

/// vmo, a factor oracle in Python, the model of OMax; it runs in a process of its own and times itself.
struct Peer {
  /// A Python that can `import vmo`.
  let python: String

  private static let eventsPerAnswer = 40
  /// Peers/vmo_peer.py, in the sources that this was built from.
  private static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers/vmo_peer.py")

  private struct Timing: Decodable {
    /// Nanoseconds that learning all notes took.
    var learning: Double
    /// Nanoseconds for one event, of each answer.
    var events: [Double]
    /// The same of answers of one event.
    var alone: [Double]
  }

  /// What one side needed, by run.
  private struct Side {
    var rates: [Double] = []
    var events: [Quantiles] = []
    var alone: [Quantiles] = []
  }

  /// Both learn the same melody, one viewpoint each, and answer from it; jamd answers with its full model, vmo with
  /// pitches alone. Ours and the peer's in turn.
  func figures(notes: Int, _ extent: Extent) -> [Figure] {
    let melody = Self.melody(notes: notes)
    let style = LearningRate.learn([melody])
    guard let long = Sampling(style, requests: extent.answers, length: Beats(16)),
      let short = Sampling(style, requests: extent.shortAnswers, length: Beats(0.25))
    else { return [] }
    var (ours, peers) = (Side(), Side())
    for run in 0..<extent.runs {
      ours.rates.append(
        rate(of: notes, in: timed { LearningRate.learn([melody], LearningRate.oneViewpoint) }.nanoseconds))
      ours.events.append(long.run(run))
      ours.alone.append(short.run(run))
      guard let timing = measure(melody, answers: extent.peerAnswers) else {
        return [.skipped("vmo", because: "\(python) cannot run it; `make bench-peer` installs what it needs")]
      }
      peers.rates.append(rate(of: notes, in: timing.learning))
      peers.events.append(Samples(timing.events).quantiles())
      peers.alone.append(Samples(timing.alone).quantiles())
    }
    return describe(ours, peers, size: "\(Extent.short(notes)) notes of one melody")
  }

  private func rate(of notes: Int, in nanoseconds: Double) -> Double { Double(notes) / nanoseconds * 1e9 }

  private func describe(_ ours: Side, _ peers: Side, size: String) -> [Figure] {
    [
      .single("learning, one viewpoint, \(size)", "notes/s", ours.rates),
      .single("learning, vmo, \(size)", "notes/s", peers.rates),
      .single("learning, jamd / vmo", "x", zip(ours.rates, peers.rates).map { $0 / $1 }),
      .microseconds("next event, mean of an answer, \(size)", ours.events),
      .microseconds("next event, mean of an answer, vmo, \(size)", peers.events),
      .ratio("next event, mean of an answer, vmo / jamd", peers.events, to: ours.events),
      .microseconds("next event, alone, \(size)", ours.alone),
      .microseconds("next event, alone, vmo, \(size)", peers.alone),
      .ratio("next event, alone, vmo / jamd", peers.alone, to: ours.alone),
    ]
  }

  /// One line without chords, strains of sixteen bars, each played twice.
  private static func melody(notes: Int) -> Piece {
    var ragtime = Ragtime(seed: Extent.seed)
    var melody: [Note] = []
    var start = Beats.zero
    while melody.count < notes {
      let strain = ragtime.call(bars: 16).reduce(into: [Note]()) { line, note in
        if line.last?.onset != note.onset { line.append(note) }
      }
      for _ in 0..<2 {
        melody += strain.map { note in
          Note(pitch: note.pitch, velocity: note.velocity, onset: start + note.onset, duration: note.duration)
        }
        start += Beats(32)
      }
    }
    return Piece(
      parts: [Part(notes: Array(melody.prefix(notes)))],
      timeSignatures: [Positioned(position: .zero, value: TimeSignature(beats: 2, unit: 4))])
  }

  private func measure(_ melody: Piece, answers: Int) -> Timing? {
    let path = FileManager.default.temporaryDirectory.appending(path: "jam-bench-\(getpid()).pitch").path
    let symbols = melody.parts.flatMap(\.notes).map { "\($0.pitch.number)" }.joined(separator: " ")
    guard (try? Data(symbols.utf8).write(to: URL(filePath: path))) != nil else { return nil }
    defer { unlink(path) }
    let command = [python, Self.script.path, path, "\(Self.eventsPerAnswer)", "\(answers)"].map(Self.quoted)
    guard let pipe = popen(command.joined(separator: " "), "r") else { return nil }
    var output: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&bytes, 1, bytes.count, pipe), count > 0 { output += bytes[..<count] }
    guard pclose(pipe) == 0 else { return nil }
    return try? JSONDecoder().decode(Timing.self, from: Data(output))
  }

  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
