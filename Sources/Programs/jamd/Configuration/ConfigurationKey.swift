// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: a row of the table of configuration keys.

/// How one setting is written, what it may be, what it means, and where it goes.
package struct ConfigurationKey: Sendable {
  package let section: String
  package let name: String
  package let kind: ConfigurationKind
  /// One or more full sentences.
  package let explanation: String
  /// Nil when the setting has no value.
  package let read: @Sendable (Configuration) -> ConfigurationValue?
  /// Only for values that `kind` allows.
  package let write: @Sendable (inout Configuration, ConfigurationValue) -> Void

  package var path: String { "\(section).\(name)" }

  /// As the default configuration file shows it; nil when there is none.
  package var defaultValue: ConfigurationValue? { read(Configuration()) }
}

typealias Setting<Value> = WritableKeyPath<Configuration, Value> & Sendable

// One way of writing a row for each type of setting. `key` is "section.name".
extension ConfigurationKey {
  private init(
    _ key: String, _ kind: ConfigurationKind, _ explanation: String,
    read: @escaping @Sendable (Configuration) -> ConfigurationValue?,
    write: @escaping @Sendable (inout Configuration, ConfigurationValue) -> Void
  ) {
    let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
    self.init(
      section: parts[0], name: parts[1], kind: kind, explanation: explanation, read: read, write: write)
  }

  static func flag(_ key: String, _ setting: Setting<Bool>, _ explanation: String) -> Self {
    Self(
      key, .flag, explanation, read: { .flag($0[keyPath: setting]) },
      write: { $0[keyPath: setting] = $1.flag ?? $0[keyPath: setting] })
  }

  static func whole(
    _ key: String, _ setting: Setting<Int>, _ range: ClosedRange<Int>, _ explanation: String
  ) -> Self {
    Self(
      key, .whole(range), explanation, read: { .whole($0[keyPath: setting]) },
      write: { $0[keyPath: setting] = $1.whole ?? $0[keyPath: setting] })
  }

  static func optionalWhole(
    _ key: String, _ setting: Setting<Int?>, _ range: ClosedRange<Int>, _ explanation: String
  ) -> Self {
    Self(
      key, .whole(range), explanation, read: { $0[keyPath: setting].map { .whole($0) } },
      write: { $0[keyPath: setting] = $1.whole })
  }

  static func number(
    _ key: String, _ setting: Setting<Double>, _ range: ClosedRange<Double>, _ explanation: String
  ) -> Self {
    Self(
      key, .number(range), explanation, read: { .number($0[keyPath: setting]) },
      write: { $0[keyPath: setting] = $1.number ?? $0[keyPath: setting] })
  }

  static func milliseconds(
    _ key: String, _ setting: Setting<Duration>, _ range: ClosedRange<Int>, _ explanation: String
  ) -> Self {
    Self(
      key, .whole(range), explanation, read: { .whole(Int($0[keyPath: setting] / .milliseconds(1))) },
      write: { configuration, value in
        if let whole = value.whole { configuration[keyPath: setting] = .milliseconds(whole) }
      })
  }

  /// `kind` is one of those of a text.
  static func text(
    _ key: String, _ setting: Setting<String>, _ kind: ConfigurationKind, _ explanation: String
  ) -> Self {
    Self(
      key, kind, explanation, read: { .text($0[keyPath: setting]) },
      write: { $0[keyPath: setting] = $1.text ?? $0[keyPath: setting] })
  }

  /// `kind` is `.paths` or `.patterns`.
  static func texts(
    _ key: String, _ setting: Setting<[String]>, _ kind: ConfigurationKind, _ explanation: String
  ) -> Self {
    Self(
      key, kind, explanation, read: { .list($0[keyPath: setting].map { .text($0) }) },
      write: { $0[keyPath: setting] = $1.list?.compactMap(\.text) ?? $0[keyPath: setting] })
  }

  static func choice(
    _ key: String, _ names: [String], read: @escaping @Sendable (Configuration) -> String,
    write: @escaping @Sendable (inout Configuration, String) -> Void, _ explanation: String
  ) -> Self {
    Self(
      key, .choice(names), explanation, read: { .text(read($0)) },
      write: { configuration, value in
        if let name = value.text { write(&configuration, name) }
      })
  }

  static func channels(_ key: String, _ setting: Setting<[Int]>, _ explanation: String) -> Self {
    Self(
      key, .channels, explanation, read: { .list($0[keyPath: setting].map { .whole($0) }) },
      write: { $0[keyPath: setting] = $1.list?.compactMap(\.whole) ?? $0[keyPath: setting] })
  }

  static func sound(_ key: String, _ setting: Setting<Configuration.Sound>, _ explanation: String) -> Self {
    Self(
      key, .sound, explanation, read: { .text($0[keyPath: setting].name) },
      write: { configuration, value in
        let name = value.text ?? value.whole.map { "\($0)" }
        if let sound = name.flatMap(Configuration.Sound.init) { configuration[keyPath: setting] = sound }
      })
  }

  static func drawbars(_ key: String, _ setting: Setting<[Int]>, _ explanation: String) -> Self {
    Self(
      key, .drawbars, explanation,
      read: { configuration in
        let digits = configuration[keyPath: setting].map { "\($0)" }
        return .text([digits[..<2], digits[2..<6], digits[6...]].map { $0.joined() }.joined(separator: " "))
      },
      write: { $0[keyPath: setting] = $1.text.flatMap(Configuration.drawbars) ?? $0[keyPath: setting] })
  }
}

extension Configuration {
  /// Nine drawbars as registrations are written, "88 8000 000"; nil for anything else, and when none is drawn.
  static func drawbars(_ text: String) -> [Int]? {
    let positions = text.utf8.filter { $0 != UInt8(ascii: " ") }.map { Int($0) - Int(UInt8(ascii: "0")) }
    guard positions.count == 9, positions.allSatisfy((0...8).contains), positions.contains(where: { $0 > 0 }) else {
      return nil
    }
    return positions
  }
}
