// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: the loop, turn by turn, without the main queue (the test runner drains that itself).
import Glibc
import Music
import RealTime
import Testing

/// Both ends of a pipe; closed with it.
private final class Pipe {
  let reading: Int32
  private(set) var writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    hangUp()
  }

  func fill() { _ = write(writing, "x", 1) }

  func drain() -> Bool {
    var byte: UInt8 = 0
    return read(reading, &byte, 1) == 1
  }

  func hangUp() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

@MainActor
@Suite struct LoopTests {
  private let loop: RealTimeLoop

  init() throws { loop = try RealTimeLoop(drainsMainQueue: false) }

  @Test("ready descriptors are served in the order in which they were added")
  func order() throws {
    let pipes = try (0..<3).map { _ in try Pipe() }
    var served: [Int] = []
    for (index, pipe) in pipes.enumerated() {
      _ = loop.add(pipe.reading, for: .readable) { readiness in
        #expect(readiness == .readable)
        #expect(pipe.drain())
        served.append(index)
      }
    }
    for pipe in pipes.reversed() { pipe.fill() }
    loop.turn(milliseconds: 0)
    #expect(served == [0, 1, 2])
    loop.turn(milliseconds: 0)
    #expect(served == [0, 1, 2])
  }

  @Test("a descriptor removed by another's handler is not served any more, not even in that turn")
  func removal() throws {
    let (first, second) = (try Pipe(), try Pipe())
    let victim = Victim()
    var served = 0
    _ = loop.add(first.reading, for: .readable) { [loop] _ in if let watch = victim.watch { loop.remove(watch) } }
    victim.watch = loop.add(second.reading, for: .readable) { _ in served += 1 }
    first.fill()
    second.fill()
    loop.turn(milliseconds: 0)
    loop.turn(milliseconds: 0)
    #expect(served == 0)
  }

  @MainActor
  private final class Victim {
    var watch: RealTimeLoop.Watch?
  }

  @Test("a descriptor whose other end is gone is told of once and cannot keep the loop spinning")
  func hangUp() throws {
    let pipe = try Pipe()
    var told: [Readiness] = []
    _ = loop.add(pipe.reading, for: .readable) { told.append($0) }
    pipe.hangUp()
    for _ in 0..<3 { loop.turn(milliseconds: 0) }
    #expect(told == [.failed])
  }

  @Test("a descriptor that was never open is told of once")
  func neverOpen() throws {
    var told: [Readiness] = []
    _ = loop.add(9999, for: .readable) { told.append($0) }
    for _ in 0..<3 { loop.turn(milliseconds: 0) }
    #expect(told == [.failed])
  }

  @Test("a descriptor can be waited for to take what is written")
  func writable() throws {
    let pipe = try Pipe()
    var told: [Readiness] = []
    let watch = loop.add(pipe.writing, for: .writable) { told.append($0) }
    loop.turn(milliseconds: 0)
    loop.remove(watch)
    #expect(told == [.writable])
  }

  @Test("a timer wakes the loop up, never before its deadline, and its lateness is recorded")
  func timer() {
    var expired: [Instant] = []
    let timer = loop.addTimer { expired.append($0) }
    let deadline = Instant.now() + .milliseconds(20)
    loop.set(timer, at: deadline)
    for _ in 0..<1000 where expired.isEmpty { loop.turn(milliseconds: 1000) }
    #expect(expired.count == 1)
    #expect(expired.allSatisfy { $0 >= deadline })
    #expect(loop.lateness.summary().total == 1)
  }

  @Test("a deadline in the past expires at once, an unset timer not at all")
  func pastAndUnset() {
    var expired = ["past": 0, "unset": 0]
    let past = loop.addTimer { _ in expired["past", default: 0] += 1 }
    let unset = loop.addTimer { _ in expired["unset", default: 0] += 1 }
    loop.set(past, at: .zero)
    loop.set(unset, at: .zero)
    loop.set(unset, at: nil)
    loop.turn(milliseconds: 1000)
    #expect(expired == ["past": 1, "unset": 0])
  }

  @Test("a timer that sets itself for the past again and again does not starve a descriptor")
  func starvation() throws {
    let pipe = try Pipe()
    var served = 0
    let repeater = Repeater(loop: loop)
    _ = loop.add(pipe.reading, for: .readable) { _ in served += 1 }
    pipe.fill()
    repeater.start()
    for _ in 0..<5 { loop.turn(milliseconds: 0) }
    #expect(served == 5)
    #expect((1...10).contains(repeater.count))
  }

  /// Sets its timer for the past each time it expires.
  @MainActor
  private final class Repeater {
    private(set) var count = 0
    private let loop: RealTimeLoop
    private var timer: RealTimeLoop.Timer?

    init(loop: RealTimeLoop) { self.loop = loop }

    func start() {
      timer = loop.addTimer { [unowned self] _ in expire() }
      if let timer { loop.set(timer, at: .zero) }
    }

    private func expire() {
      count += 1
      if let timer { loop.set(timer, at: .zero) }
    }
  }

  @Test("run returns after stop, whatever is still set")
  func stopping() {
    let timer = loop.addTimer { [loop] _ in loop.stop() }
    loop.set(timer, at: .now())
    loop.run()
    #expect(loop.lateness.summary().total == 1)
  }
}
