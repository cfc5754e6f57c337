// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: files. Records what the stage renders, on a queue of its own.
import Dispatch
import RealTime
import Synchronization

/// Writes what the stage puts into an audio ring to a WAV file, until `stop`. A file has one sample rate, and no more than
/// 4 GB, four hours at 48 kHz: when the server comes back with another rate, or the file is full, the recording goes on in
/// `NAME-2.wav`. Errors end it, and stand in `status`; they and frames that are lost are told.
/// All methods may be called from any thread; none waits for the disk but `stop`.
public final class WAVRecorder: Sendable {
  public struct Status: Hashable, Sendable {
    public var files: [String] = []
    public var frames: UInt64 = 0
    /// Not written because the disk was too slow.
    public var lostFrames: UInt64 = 0
    public var failure: WAVFile.Failure?
  }

  private struct State {
    var file: WAVFile?
    var timer: (any DispatchSourceTimer)?
    var sampleRate: UInt32 = 0
    var unflushed = 0
    /// In the file that is being written.
    var frames = 0
    var status = Status()
    /// Of the frames that are lost, what was told.
    var toldFrames: UInt64 = 0
  }

  private static let chunk = 4096
  private let path: String
  private let framesInFile: Int
  private let onTrouble: @Sendable (String) -> Void
  private nonisolated(unsafe) let ring: UnsafeMutablePointer<AudioRing>
  private let queue = DispatchQueue(label: "jamd.recorder", target: .global(qos: .utility))
  /// Touched on `queue` alone.
  private nonisolated(unsafe) var state = State()
  private let published = Mutex(Status())

  /// A ring of `seconds` at 48 kHz, which bridges as long a stall of the disk. A file has `framesInFile` at most.
  /// `onTrouble` is called on the recorder's queue: with an error, and with the frames lost so far when they are the first,
  /// and twice as many as at the last time.
  public init(
    path: String, seconds: Int = 10, framesInFile: Int = WAVFile.capacity,
    onTrouble: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.onTrouble = onTrouble
    self.path = path
    self.framesInFile = max(1, framesInFile)
    ring = .allocate(capacity: 1)
    ring.initialize(to: AudioRing(capacity: 48000 * seconds))
  }

  deinit {
    ring.deinitialize(count: 1)
    ring.deallocate()
  }

  /// Where the stage writes. Lives as long as the recorder.
  public var audioRing: UnsafeMutablePointer<AudioRing> { ring }

  public var status: Status { published.withLock { $0 } }

  /// Begins, or goes on at another sample rate.
  public func start(sampleRate: UInt32) {
    queue.async { self.open(sampleRate) }
  }

  /// Writes what is left and finishes the file. Waits for the disk. The stage must not write any more.
  public func stop() {
    queue.sync {
      self.drain()
      self.state.timer?.cancel()
      self.state.timer = nil
      self.state.file = nil
    }
  }

  private func open(_ sampleRate: UInt32) {
    guard state.sampleRate != sampleRate, state.status.failure == nil else { return }
    // What came before the first file belongs into it.
    if state.file != nil { drain() }
    begin(sampleRate)
    if state.timer == nil { startTimer() }
    publish()
  }

  /// The next file.
  private func begin(_ sampleRate: UInt32) {
    do throws(WAVFile.Failure) {
      let file = try WAVFile(path: name(state.status.files.count + 1), sampleRate: sampleRate)
      (state.file, state.frames, state.unflushed) = (file, 0, 0)
      state.sampleRate = sampleRate
      state.status.files.append(file.path)
    } catch { fail(error) }
  }

  private func startTimer() {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(100), leeway: .milliseconds(50))
    timer.setEventHandler { [weak self] in self?.drain() }
    timer.activate()
    state.timer = timer
  }

  private func drain() {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * Self.chunk) { buffer in
      guard let samples = buffer.baseAddress else { return }
      while case let count = ring.pointee.read(into: samples, limit: Self.chunk), count > 0 { write(samples, count) }
    }
    publish()
  }

  private func write(_ samples: UnsafePointer<Float>, _ count: Int) {
    var done = 0
    while done < count, state.file != nil {
      if state.frames == framesInFile { begin(state.sampleRate) }
      let part = min(count - done, framesInFile - state.frames)
      append(samples + 2 * done, part)
      done += part
    }
  }

  private func append(_ samples: UnsafePointer<Float>, _ count: Int) {
    guard let file = state.file else { return }
    do throws(WAVFile.Failure) { try file.write(samples, count: count) } catch { return fail(error) }
    state.status.frames += UInt64(count)
    state.frames += count
    state.unflushed += count
    guard state.unflushed >= Int(state.sampleRate) else { return }
    file.flush()
    state.unflushed = 0
  }

  private func fail(_ failure: WAVFile.Failure) {
    state.status.failure = failure
    state.file = nil
    onTrouble(failure.description)
  }

  private func publish() {
    let lost = ring.pointee.lostFrames
    state.status.lostFrames = lost
    if lost > 0, state.status.failure == nil, lost >= 2 * state.toldFrames {
      state.toldFrames = lost
      onTrouble("\(path): \(lost) frames are missing so far: the disk is too slow")
    }
    let status = state.status
    published.withLock { $0 = status }
  }

  /// `take.wav`, `take-2.wav` ...
  private func name(_ number: Int) -> String {
    guard number > 1 else { return path }
    let stem = path.hasSuffix(".wav") ? String(path.dropLast(4)) : path
    return "\(stem)-\(number).wav"
  }
}
