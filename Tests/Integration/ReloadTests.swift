// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: a configuration that is read again, at any moment.
import Foundation
import Testing

@Suite(.serialized) struct ReloadTests {
  @Test("a SIGHUP is survived also while jamd starts, and a style that nobody finds does not come into force")
  func reload() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jamd-reload-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, socket) = ("\(folder)/jamd.toml", "\(folder)/jamd.sock")
    func configure(_ style: String) throws { try Data("style.name = '\(style)'\n".utf8).write(to: URL(filePath: file)) }
    try configure("joplin")
    let jamd = try ChildProcess(
      Programs.jamd,
      [
        "--config", file, "--jack-server", "none-\(getpid())", "--styles", LiveJam.styles, "--midi-only", "--socket",
        socket,
        "--player", "", "--no-record",
      ], environment: ["XDG_STATE_HOME": folder])
    defer { jamd.end() }
    #expect(waitUntil(within: 20) { jamd.output.contains("configuration read") })
    for _ in 0..<40 {
      kill(jamd.identifier, SIGHUP)
      usleep(2000)
    }
    #expect(waitUntil(within: 20) { jamd.output.contains("ready") } && jamd.isRunning, "\(jamd.output)")

    try configure("nosuch")
    kill(jamd.identifier, SIGHUP)
    #expect(waitUntil(within: 10) { jamd.output.contains("style.name stays \"joplin\": no style is called") })
    #expect(!jamd.output.contains("nosuch\" from now on"))
    let shown = try ChildProcess(Programs.jam, ["config", "show", "--socket", socket])
    #expect(waitUntil(within: 10) { !shown.isRunning && shown.output.contains("name = \"joplin\"") })

    try configure("bach")
    kill(jamd.identifier, SIGHUP)
    #expect(waitUntil(within: 10) { jamd.output.contains("style.name is \"bach\" from now on") }, "\(jamd.output)")
    jamd.end()
    #expect(jamd.exitStatus == 0)
  }
}
