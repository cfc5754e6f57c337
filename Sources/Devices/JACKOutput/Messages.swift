// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: what libjack has to say, which it would otherwise print on stderr.
import CJACK
import Synchronization

/// Where the process-wide messages of libjack go; nowhere unless set. A handler may run on any thread but the stage's.
public enum JACKMessages {
  public enum Level: Hashable, Sendable {
    case info, error
  }

  private static let handler = Mutex<(@Sendable (Level, String) -> Void)?>(nil)

  public static func handle(_ body: (@Sendable (Level, String) -> Void)?) { handler.withLock { $0 = body } }

  /// Before the first client is opened.
  static func capture() {
    jack_set_error_function(jamdErrorMessage)
    jack_set_info_function(jamdInfoMessage)
  }

  fileprivate static func deliver(_ level: Level, _ text: UnsafePointer<CChar>?) {
    guard let text, let body = handler.withLock({ $0 }) else { return }
    body(level, String(cString: text))
  }
}

@c func jamdErrorMessage(_ text: UnsafePointer<CChar>?) { JACKMessages.deliver(.error, text) }
@c func jamdInfoMessage(_ text: UnsafePointer<CChar>?) { JACKMessages.deliver(.info, text) }
