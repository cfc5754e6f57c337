// SPDX-License-Identifier: Apache-2.0
// RealTime: memory that never has to be waited for.
import CLinux
import Glibc

/// Keeps the process in memory, so that neither the loop nor the stage ever takes a page fault.
public enum MemoryLocking {
  /// How much of the process is locked.
  public enum Outcome: Hashable, Sendable {
    /// Everything, and whatever it will allocate.
    case everything
    /// What is there now; what comes later may fault.
    case presentOnly(limit: UInt64)
    case nothing(error: Int32, limit: UInt64)

    /// What it means and the way out; nil when all is well.
    public var note: String? {
      let wayOut = """
        Allow it with "@audio - memlock unlimited" in /etc/security/limits.d/audio.conf, in a service with \
        LimitMEMLOCK=infinity.
        """
      switch self {
      case .everything: return nil
      case .presentOnly(let limit):
        return "only the memory in use now is locked (RLIMIT_MEMLOCK is \(limit / 1024) kB). \(wayOut)"
      case .nothing(let error, let limit):
        let reason = String(cString: strerror(error))
        return """
          memory is not locked (\(reason), RLIMIT_MEMLOCK is \(limit / 1024) kB): swapping delays notes. \(wayOut)
          """
      }
    }
  }

  /// Locks everything where that is safe; else what is there.
  ///
  /// Under a finite RLIMIT_MEMLOCK `MCL_FUTURE` would let a later allocation fail, which ends the process in mid-song:
  /// it is used only without a limit or with the privilege to exceed it. Call it on the main thread before other
  /// threads start: it also lowers the stacks of threads to come to `threadStack` bytes, since each is locked whole.
  public static func lock(threadStack: Int = 512 << 10) -> Outcome {
    let limit = clinux_memlock_limit()
    _ = clinux_set_default_stack(threadStack)
    if limit == .max || hasPrivilege {
      let error = clinux_lock_memory(1, 1)
      if error == 0 { return .everything }
    }
    let error = clinux_lock_memory(1, 0)
    return error == 0 ? .presentOnly(limit: limit) : .nothing(error: error, limit: limit)
  }

  /// Touches `stack` bytes of the calling thread's stack below here, and lets malloc hold `heap` bytes that are in
  /// memory already, and the C library the stacks of `threads`: Dispatch starts its workers on the thread that has work
  /// for them, which may be the loop.
  public static func touch(stack: Int = 256 << 10, heap: Int = 16 << 20, threads: Int = 0) {
    clinux_keep_heap()
    if threads > 0 { clinux_keep_stacks(Int32(clamping: threads)) }
    touchStack(stack)
    touchHeap(heap)
  }

  /// CAP_IPC_LOCK in the effective set, as /proc/self/status tells it.
  private static var hasPrivilege: Bool {
    guard let file = fopen("/proc/self/status", "re") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    var effective: UInt64 = 0
    while fgets(&line, Int32(line.count), file) != nil {
      if strncmp(line, "CapEff:", 7) == 0 { effective = strtoull(Array(line[7...]), nil, 16) }
    }
    let ipcLock: UInt64 = 1 << 14
    return effective & ipcLock != 0
  }

  @inline(never)
  private static func touchStack(_ bytes: Int) {
    withUnsafeTemporaryAllocation(byteCount: min(bytes, 1024), alignment: 16) { block in
      block.storeBytes(of: 1, toByteOffset: 0, as: UInt8.self)
      if bytes > 1024 { touchStack(bytes - 1024) }
      // Keeps the block alive across the call, so that the recursion is not turned into a loop.
      _ = block.loadUnaligned(fromByteOffset: 0, as: UInt8.self)
    }
  }

  /// Blocks below malloc's mmap threshold, so that freed ones stay in the heap.
  private static func touchHeap(_ bytes: Int) {
    let size = 64 << 10
    let blocks = (0..<max(0, bytes / size)).map { _ in
      UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16).initializeMemory(
        as: UInt8.self, repeating: 1, count: size)
    }
    for block in blocks { block.deallocate() }
  }
}
