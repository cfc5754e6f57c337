// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the way of playing, as it is asked for.
import ControlProtocol
import Improviser
import Music
import RealTime
import Scores

extension PlayingMode {
  /// For who asks this mode for an answer.
  var answersNothing: String {
    "the mode \(rawValue) plays along and answers nothing: for answers choose another, such as jam mode answer"
  }
}

extension Daemon {
  /// What the configuration says of the way of playing; also told to the take, so that a replay plays in it too.
  func startPlaying() {
    let wanted = configuration.answer
    if wanted.mode != .answer { perform(.mode(wanted.mode)) }
    if let role = Role(rawValue: wanted.role) { perform(.role(role)) }
    if wanted.bars != PlayingSettings().bars { perform(.bars(wanted.bars)) }
    if wanted.variation != PlayingSettings().variation { perform(.variation(wanted.variation)) }
    if wanted.countsIn { perform(.countIn(true)) }
    if configuration.midi.keyboards == .apart { seat(.apart) }
    guard !wanted.chart.isEmpty else { return }
    do throws(ChartFailure) {
      perform(.chart(try ChartFile.chart(wanted.chart)))
    } catch {
      warn("\(error)")
    }
  }

  /// `command` is about the way of playing.
  func ask(_ command: ControlCommand) -> Reply {
    switch command {
    case .mode(let mode): perform(.mode(mode))
    case .role(let role): perform(.role(role))
    case .bars(let bars): perform(.bars(bars))
    case .variation(let choice): perform(.variation(choice))
    case .chart(nil): perform(.chart(nil))
    case .chart(let line?):
      do throws(ChordChartError) {
        perform(.chart(try ChordChart(line: line)))
      } catch {
        return .failure(CommandFailure(.badArgument, "\(error)"))
      }
    case .morph(let share, let seconds): perform(.morph(share, over: .seconds(seconds)))
    case .set(.panic, let share): if share >= 0.5 { session.panic(at: .now()) }
    case .answer, .set(.answer, 0.5...):
      guard session.canAnswer else { return .failure(CommandFailure(.unavailable, session.mode.answersNothing)) }
      perform(.answer)
    case .set(let parameter, let share): perform(.move(parameter, share))
    case .stop: perform(.stop)
    case .tap: perform(.tap)
    case .midiLearn(let parameter): perform(.learn(parameter))
    default: break
    }
    return .done
  }

  private func perform(_ command: Command) {
    session.ask(command, at: .now())
    scheduleDeadline()
  }
}
