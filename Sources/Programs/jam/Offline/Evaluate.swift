// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam evaluate.
import ArgumentParser
import Dispatch
import Music
import Style
import Synchronization

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how well melodies, or MIDI files, are predicted.",
    discussion: """
      MELODIES.pitch has one melody a line, MIDI key numbers separated by spaces; M.dur the same shape in ticks, 480 a \
      quarter note; M.folds the fold of each line. The melodies of each fold are predicted, note by note, by a model that \
      has learned all others; lower is better.

      With a style and MIDI files: what each file costs under the style, which learns nothing on the way.

      static knows what it has learned, live also goes on learning from what it predicts, full uses the durations too.
      """)

  @Argument(
    help: ArgumentHelp("The melodies; or a style, before MIDI files.", valueName: "melodies.pitch"), completion: .file()
  )
  var melodies: String

  @Argument(help: ArgumentHelp("MIDI files, and folders of them.", valueName: "file"), completion: .midiFiles)
  var files: [String] = []

  @Option(help: ArgumentHelp("Their durations.", valueName: "m.dur"), completion: .file())
  var durations: String?

  @Option(help: ArgumentHelp("The fold of each melody.", valueName: "m.folds"), completion: .file())
  var folds: String?

  @Option(help: ArgumentHelp("static, live or full; otherwise all that the files allow.", valueName: "model"))
  var model: MelodyModel?

  @Flag(
    help: """
      Choose the viewpoints of each fold's model, stepwise, by the melodies that it learns; tells of every step on standard \
      error.
      """)
  var select = false

  @Flag(help: "Print one JSON object a model.")
  var json = false

  @OptionGroup var options: StyleOptions

  func validate() throws {
    guard files.isEmpty else {
      guard durations == nil, folds == nil, model == nil, !select else {
        throw ValidationError("--durations, --folds, --model and --select are for melodies, not for MIDI files")
      }
      return
    }
    if folds == nil { throw ValidationError("melodies need --folds; a style needs MIDI files after it") }
    if model == .full, durations == nil { throw ValidationError("the full model needs --durations") }
  }

  func run() throws {
    try endingProperly {
      guard let folds else { return try evaluateMIDI() }
      let evaluation = try MelodyFiles.evaluation(melodies: melodies, durations: durations, folds: folds)
      let all: [MelodyModel] = durations == nil ? [.static, .live] : [.static, .live, .full]
      for model in self.model.map({ [$0] }) ?? all {
        let start = DispatchTime.now().uptimeNanoseconds
        let score = score(evaluation, model)
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        print(json ? EvaluationText.json(model, score, seconds) : EvaluationText.text(model, score, seconds))
      }
    }
  }

  /// A line for each file, and one for all of them together. What cannot be read is skipped, and told of.
  private func evaluateMIDI() throws {
    guard let evaluation = MIDIEvaluation(try options.style(named: melodies).style) else { return }
    var total = MusicScore()
    let start = DispatchTime.now().uptimeNanoseconds
    for path in try Files.midiFiles(in: files) {
      let began = DispatchTime.now().uptimeNanoseconds
      do throws(FileFailure) {
        let score = try evaluation.score(path)
        total = total + score
        tell(path, score, since: began)
      } catch {
        printError("skipped: \(error)\n")
      }
    }
    guard total.events > 0 else {
      throw FileFailure.nothingFound("nothing was evaluated: no file could be read as MIDI")
    }
    tell("all", total, since: start)
  }

  private func tell(_ name: String, _ score: MusicScore, since start: UInt64) {
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    print(json ? MIDIEvaluationText.json(name, score, seconds) : MIDIEvaluationText.text(name, score, seconds))
  }

  /// Folds know nothing of each other: they are scored on all cores, and added up in their order.
  private func score(_ evaluation: MelodyEvaluation, _ model: MelodyModel) -> MelodyEvaluation.Score {
    let folds = Set(evaluation.folds).sorted()
    let scores = Mutex<[Int: MelodyEvaluation.Score]>([:])
    let select = select
    DispatchQueue.concurrentPerform(iterations: folds.count) { index in
      let viewpoints = select ? Self.selected(evaluation, model, fold: folds[index]) : nil
      let score = evaluation.score(model, fold: folds[index], viewpoints: viewpoints)
      scores.withLock { $0[index] = score }
    }
    let found = scores.withLock { $0 }
    return folds.indices.reduce(MelodyEvaluation.Score()) { $0 + (found[$1] ?? MelodyEvaluation.Score()) }
  }

  /// Nil, for the usual ones, where nothing helps.
  private static func selected(_ evaluation: MelodyEvaluation, _ model: MelodyModel, fold: Int) -> [Viewpoint]? {
    let start = monotonicSeconds()
    var selection = evaluation.selection(model, fold: fold)
    while let step = selection.next() {
      let seconds = EvaluationText.rounded(monotonicSeconds() - start, 1)
      printError(
        "\(model), fold \(fold): \(EvaluationText.rounded(step.bits, 4)) bits/note, \(seconds) s: "
          + "\(step.isAddition ? "+" : "-") \(InspectionText.words(step.viewpoint))\n")
    }
    return selection.viewpoints.isEmpty ? nil : selection.viewpoints
  }
}

extension MelodyModel: ExpressibleByArgument {}

package enum EvaluationText {
  package static func text(_ model: MelodyModel, _ score: MelodyEvaluation.Score, _ seconds: Double) -> String {
    let name = model.rawValue + String(repeating: " ", count: max(0, 6 - model.rawValue.count))
    return "\(name) \(rounded(score.bitsPerNote, 4)) bits/note, \(score.notes) notes, \(rounded(seconds, 2)) s"
  }

  package static func json(_ model: MelodyModel, _ score: MelodyEvaluation.Score, _ seconds: Double) -> String {
    let bits = rounded(score.bitsPerNote, 6)
    return """
      {"model": "\(model.rawValue)", "bits_per_note": \(bits), "notes": \(score.notes), "seconds": \(rounded(seconds, 3))}
      """
  }

  static func rounded(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "null" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
