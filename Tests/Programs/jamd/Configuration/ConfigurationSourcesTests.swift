// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: where settings come from, and which change while jamd runs.
import ControlProtocol
import Testing
import jamd

@Suite struct ConfigurationSourcesTests {
  private static let files: [String: String] = [
    "/etc/jamd/jamd.toml": "[style]\nname = \"bach\"\ntemperature = 0.5\n[answer]\noverlap = false\n",
    "/home/me/.config/jamd/jamd.toml": "style.temperature = 0.7\n",
  ]

  private static func settings(_ words: [String]) throws -> [String: SettingEntry] {
    let read = { (path: String) in files[path].map { ConfigurationFile.text($0) } ?? .missing }
    let arguments = try Arguments.parse(words)
    let (configuration, _) = try Configuration.load(arguments, environment: ["HOME": "/home/me"], read: read)
    let settings = configuration.settings(arguments, environment: ["HOME": "/home/me"], read: read)
    #expect(settings.map(\.key) == ConfigurationKey.all.map(\.path))
    return Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
  }

  @Test("each setting tells the last place that says it, also where that says the default")
  func sources() throws {
    let settings = try Self.settings([])
    #expect(
      settings["style.name"] == SettingEntry(key: "style.name", value: "\"bach\"", source: "/etc/jamd/jamd.toml:2"))
    #expect(settings["style.temperature"]?.source == "/home/me/.config/jamd/jamd.toml:1")
    #expect(settings["style.temperature"]?.value == "0.7")
    #expect(settings["answer.overlap"]?.source == "/etc/jamd/jamd.toml:5")
    #expect(settings["answer.gain"]?.source == "default" && settings["style.seed"]?.value == "")
    let given = try Self.settings(["--style", "joplin", "--seed", "3"])
    #expect(given["style.name"]?.source == "command line" && given["style.name"]?.value == "\"joplin\"")
    #expect(given["style.seed"]?.value == "3")
  }

  @Test("what can change while jamd runs are keys of the table, and only what differs has changed")
  func changes() {
    for path in ConfigurationKey.live { #expect(ConfigurationKey.named(path) != nil, "\(path)") }
    var other = Configuration()
    #expect(ConfigurationKey.changes(from: Configuration(), to: other).isEmpty)
    other.style.name = "bach"
    other.style.seed = 4
    other.record.keepDays = 30
    let changed = ConfigurationKey.changes(from: Configuration(), to: other).map(\.path)
    #expect(changed == ["style.name", "style.seed", "record.keep_days"])
  }
}
