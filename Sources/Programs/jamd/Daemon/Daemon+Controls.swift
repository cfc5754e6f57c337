// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: what wheels, pedals, knobs and keys do.
import ControlProtocol
import Improviser
import Music
import RealTime

extension Daemon {
  /// Nil where nobody has a home.
  private var controlFile: ControlFile? {
    StatePath.keeping(environment: Environment.current).map(ControlFile.init(in:))
  }

  /// What was learned before, and the split as it is configured. Before the loop runs: it reads a file.
  func startControls() {
    output.channels = configuration.channels
    startSplit()
    do throws(ControlFileProblem) {
      guard let learned = try controlFile?.read() else { return }
      session.ask(.controls(learned), at: .now())
    } catch {
      warn("\(error)")
    }
  }

  /// As the configuration in force has it.
  func startSplit() {
    output.music = configuration.keys
    guard session.controls.music != configuration.keys else { return }
    session.ask(.keys(configuration.keys), at: .now())
  }

  func split(_ lowest: Int, _ highest: Int) -> Reply {
    guard lowest <= highest else {
      return .failure(CommandFailure(.badArgument, "the lowest key, \(lowest), lies above the highest, \(highest)"))
    }
    (configuration.midi.lowestKey, configuration.midi.highestKey) = (lowest, highest)
    startSplit()
    scheduleDeadline()
    return .done
  }

  func forgetControls() -> Reply {
    session.ask(.controls(ControlMap.standard), at: .now())
    scheduleDeadline()
    keepControls()
    return .done
  }

  /// Something was learned.
  func keepControls() {
    let assignments = session.controls.assignments
    // For a session that begins later.
    if let marker = Command.controls(assignments).marker { session.mark(marker, at: .now()) }
    controlFile?.write(assignments) { problem in
      Task { @MainActor [weak self] in self?.warn("what controllers learn is not kept: \(problem)") }
    }
  }

  /// A key of the split that is pressed.
  func isCommand(_ message: MIDIMessage) -> Bool {
    guard case .noteOn(let pitch, _) = message.meaning else { return false }
    return !configuration.keys.contains(pitch)
  }

  var controlStatus: ControlStatus {
    let controls = session.controls
    return ControlStatus(
      controllers: controls.assignments.all.map {
        ControlStatus.Controller(number: Int($0.controller), parameter: $0.parameter.rawValue)
      },
      lowestKey: Int(controls.music.lowerBound.number), highestKey: Int(controls.music.upperBound.number))
  }
}
