// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: a jamd that may not be real-time.
import Foundation
import Testing

extension JamTests {
  /// Takes the permission away from whoever has it: the limit, and root's right to go beyond it.
  private static let launcher: [String] = {
    let limit = ["/usr/bin/prlimit", "--rtprio=0:0", "--"]
    let root = ["/usr/bin/setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice", "--"]
    return geteuid() == 0 ? root + limit : limit
  }()

  @Test(
    "without permission for SCHED_FIFO it says so, with the way out, and answers all the same",
    .enabled(if: launcher.filter { $0.hasPrefix("/") }.allSatisfy { access($0, X_OK) == 0 }, "no prlimit or setpriv"))
  func withoutPermission() throws {
    let jam = try LiveJam("ordinary", launcher: Self.launcher)
    #expect(jam.jamd.output.contains("not real-time: SCHED_FIFO") && jam.jamd.output.contains("limits.d"))
    jam.play(Self.call)
    #expect(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } }, "no answer: \(jam.jamd.output)")
    jam.listen(within: 30) { Self.isOver($0, jam) }
    #expect(hungNotes(jam.heard.map(\.message)) == ([], 0))
    jam.jamd.end()
    #expect(jam.jamd.exitStatus == 0)
  }
}
