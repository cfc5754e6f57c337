// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: tells when a file in a folder was replaced.
import Dispatch
import Glibc

/// Calls back, on a queue of ordinary priority, when a file in one of the folders was written whole, moved in or removed.
///
/// A folder that is missing, or goes away, is looked for again every five seconds.
final class FolderWatch: @unchecked Sendable {
  // All mutable state is confined to `queue`.
  private let queue = DispatchQueue(label: "jamd.library.watch", target: .global(qos: .utility))
  private let folders: [String]
  private let changed: @Sendable () -> Void
  private let descriptor: Int32
  private var watches: [Int32: String] = [:]
  private var source: (any DispatchSourceRead)?
  private var timer: (any DispatchSourceTimer)?

  /// Nil when the kernel gives no inotify instance (then SIGHUP still rereads).
  init?(folders: [String], changed: @escaping @Sendable () -> Void) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    self.folders = folders
    self.changed = changed
    queue.async { self.start() }
  }

  func stop() {
    queue.sync {
      timer?.cancel()
      source?.cancel()
      timer = nil
      source = nil
    }
  }

  private func start() {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { [weak self] in self?.drain() }
    source.setCancelHandler { [descriptor] in close(descriptor) }
    source.activate()
    self.source = source
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + 5, repeating: 5)
    timer.setEventHandler { [weak self] in if self?.watchMissing() == true { self?.changed() } }
    timer.activate()
    self.timer = timer
    _ = watchMissing()
  }

  /// True when a folder appeared.
  private func watchMissing() -> Bool {
    let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)
    var appeared = false
    for folder in folders where !watches.values.contains(folder) {
      let watch = inotify_add_watch(descriptor, folder, mask)
      guard watch >= 0 else { continue }
      watches[watch] = folder
      appeared = true
    }
    return appeared
  }

  private func drain() {
    withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) { buffer in
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else { break }
        forgetLostFolders(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    changed()
  }

  /// A folder that was moved or deleted is watched anew once it is back.
  private func forgetLostFolders(_ events: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + MemoryLayout<inotify_event>.size <= events.count {
      let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      if event.mask & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(descriptor, event.wd) }
      if event.mask & UInt32(IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED) != 0 { watches[event.wd] = nil }
      offset += MemoryLayout<inotify_event>.size + Int(event.len)
    }
  }
}
