// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: the background queue, where everything that blocks is done.
import Dispatch
import Glibc
import Music
import RealTime
import Synchronization
import Synthesis

/// Carries out what the connection orders, one thing after the other on a queue of its own, and leaves the outcome to be
/// collected. Methods may be called from any thread and return at once, but for `finish`.
final class Connector: Sendable {
  private struct Work {
    var client: Client?
    var server: ServerProcess?
    var isLeading = false
    /// A client has been opened since the latest server of our own was started.
    var isServed = false
    /// Sound cards on which one ended, however long it took, before that.
    var refusedCards: Set<String> = []
    /// Of the next client.
    var name: String

    /// Of the server that a client was opened at: while one of our own runs, nobody else's has its name.
    var serverKind: Connection.ServerKind {
      guard let server, server.isRunning else { return .another }
      return server.standsIn ? .silent : .own
    }
  }

  private static let patience = Duration.seconds(10)
  private let settings: JACKSettings
  private let shared: Shared
  private nonisolated(unsafe) let context: UnsafeMutablePointer<ProcessContext>
  private let recorder: WAVRecorder?
  // Not a class of work below the default: libdispatch would give it a positive nice value, and the server and the
  // threads of libjack that are started here would inherit it.
  private let queue = DispatchQueue(label: "jamd.jack", qos: .default)
  /// Touched on `queue` alone.
  private nonisolated(unsafe) var work: Work
  private let outcomes = Mutex<[Connection.Event]>([])
  /// The server of our own, while there is one.
  private let serverProcess = Atomic<Int32>(0)
  /// When the queue began with what it does now, in nanoseconds; 0 while it does nothing.
  private let takenUp = Atomic<Int64>(0)
  /// When to look for a sound card, in nanoseconds; never while no silent server of our own stands in for one.
  private let nextLook = Atomic<Int64>(.max)
  private let synthesizer = Mutex<SynthesizerState?>(nil)

  init(_ settings: JACKSettings, shared: Shared, recorder: WAVRecorder?) {
    self.settings = settings
    work = Work(name: settings.clientName)
    self.shared = shared
    self.recorder = recorder
    context = .allocate(capacity: 1)
    context.initialize(to: ProcessContext(shared, settings: settings, audioRing: recorder?.audioRing))
  }

  deinit {
    work.client = nil
    context.deinitialize(count: 1)
    context.deallocate()
  }

  /// What came of the synthesizer's settings; nil before the first connection.
  var synthesizerState: SynthesizerState? { synthesizer.withLock { $0 } }

  /// The process of the server that was started here, while it runs.
  var ownServer: Int32? {
    let process = serverProcess.load(ordering: .acquiring)
    return process > 0 ? process : nil
  }

  /// What has happened since the last call, oldest first.
  func collect() -> [Connection.Event] {
    outcomes.withLock { events in
      guard !events.isEmpty else { return [] }
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }

  func open() {
    take {
      do throws(Client.Failure) {
        var settings = self.settings
        settings.clientName = self.work.name
        let client = try Client(settings, context: self.context, loading: self.untimed)
        (self.work.client, self.work.isServed) = (client, true)
        self.synthesizer.withLock { $0 = self.context.pointee.synthesizerState }
        if self.work.isLeading { client.lead(true, self.context) }
        self.recorder?.start(sampleRate: client.sampleRate)
        self.report(.opened(sampleRate: client.sampleRate, period: client.period, server: self.work.serverKind))
      } catch { self.report(.failed(error.description)) }
    }
  }

  /// Of the next client that is opened.
  func rename(_ name: String) { take { self.work.name = name } }

  func discard() {
    take {
      self.work.client = nil
      // No cycle runs now, and the next client's are to be heard.
      self.shared.control.pointee.reopen()
    }
  }

  /// Keeps the tempo of JACK's transport from now on, over every connection, or leaves it to others.
  func leadTransport(_ leads: Bool) {
    take {
      guard self.work.isLeading != leads else { return }
      self.work.isLeading = leads
      self.work.client?.lead(leads, self.context)
    }
  }

  /// Rolls the transport, from its beginning or from where it is, or stops it.
  func roll(_ isRolling: Bool, fromBeginning: Bool = false) {
    take { self.work.client?.roll(isRolling, fromBeginning: fromBeginning) }
  }

  func startServer() {
    take {
      do throws(ServerProcess.Failure) {
        if self.work.server?.isRunning != true {
          // Its number may be another process's by now.
          self.serverProcess.store(0, ordering: .releasing)
          if let card = self.work.server?.card, !self.work.isServed { self.work.refusedCards.insert(card) }
          (self.work.server, self.work.isServed) = (nil, false)
          self.work.server = try ServerProcess.start(
            self.settings.server, name: self.settings.serverName, refused: self.work.refusedCards)
          self.serverProcess.store(self.work.server?.process ?? 0, ordering: .releasing)
          self.nextLook.store(self.work.server?.standsIn == true ? 0 : .max, ordering: .releasing)
        }
        self.report(.serverStarted)
      } catch { self.report(.serverNotStarted(error.description)) }
    }
  }

  func stopServer() {
    take {
      self.work.server = nil
      self.serverProcess.store(0, ordering: .releasing)
    }
  }

  /// Closes the client, then finishes the recording, then stops a server of our own; waits for it up to `timeout`. False
  /// when it took longer: a server of our own is then killed, so that it is not left behind, and the recording finished
  /// without more waiting for the server, within half a second.
  func finish(timeout: DispatchTimeInterval) -> Bool {
    let group = DispatchGroup()
    queue.async(group: group) {
      self.work.client = nil
      self.recorder?.stop()
      self.work.server = nil
      self.serverProcess.store(0, ordering: .releasing)
    }
    if group.wait(timeout: .now() + timeout) == .success { return true }
    let process = serverProcess.load(ordering: .acquiring)
    if process > 0 { kill(process, SIGKILL) }
    let recording = DispatchGroup()
    DispatchQueue.global().async(group: recording) { self.recorder?.stop() }
    _ = recording.wait(timeout: .now() + .milliseconds(500))
    return false
  }

  /// A server of our own for which the queue has waited for `patience` is killed: one that does not answer holds its clients
  /// for ever, and with them everything that waits behind. To be called now and then; returns at once.
  func endHangingServer(at now: Instant) {
    let since = takenUp.load(ordering: .acquiring)
    guard since > 0, now - Instant(nanoseconds: since) > Self.patience, let process = ownServer else { return }
    kill(process, SIGKILL)
  }

  /// Finds a sound card that comes later than the silent server of our own that stands in for it. To be called now and
  /// then; returns at once.
  func lookForCard(at now: Instant) {
    guard now.nanoseconds >= nextLook.load(ordering: .acquiring) else { return }
    nextLook.store((now + .seconds(1)).nanoseconds, ordering: .releasing)
    take {
      guard self.work.server?.findsCard() == true else { return }
      self.work.refusedCards = []
      self.report(.cardFound)
    }
  }

  /// Within `take`: what does not wait for the server.
  private func untimed(_ body: () -> Void) {
    takenUp.store(0, ordering: .releasing)
    body()
    takenUp.store(Instant.now().nanoseconds, ordering: .releasing)
  }

  private func take(_ body: @escaping @Sendable () -> Void) {
    queue.async {
      self.takenUp.store(Instant.now().nanoseconds, ordering: .releasing)
      body()
      self.takenUp.store(0, ordering: .releasing)
    }
  }

  private func report(_ event: Connection.Event) { outcomes.withLock { $0.append(event) } }
}
