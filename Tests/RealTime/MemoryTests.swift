// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: memory and its faults. Locking itself is tried by the system tests: it lasts for the process.
import Foundation
import RealTime
import Testing

@Suite struct MemoryTests {
  @Test("fresh memory is seen to fault, memory touched before is not")
  func faults() {
    let size = 4 << 20
    let start = PageFaults.ofThisThread()
    let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    madvise(block, size, MADV_NOHUGEPAGE)
    for offset in stride(from: 0, to: size, by: 4096) { block.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self) }
    let first = PageFaults.ofThisThread()
    for offset in stride(from: 0, to: size, by: 4096) { block.storeBytes(of: 2, toByteOffset: offset, as: UInt8.self) }
    let second = PageFaults.ofThisThread()
    munmap(block, size)
    #expect((first - start).minor >= Int64(size / 4096))
    #expect((second - first).minor < 16)
  }

  @Test("a heap and a stack that were touched do not fault")
  func touched() async {
    let faults = await withCheckedContinuation { continuation in
      Thread {
        MemoryLocking.touch(stack: 128 << 10, heap: 0)
        let before = PageFaults.ofThisThread()
        useStack(96 << 10)
        continuation.resume(returning: PageFaults.ofThisThread() - before)
      }.start()
    }
    #expect(faults.minor < 4)
  }

  @Test("the faults of a thread are known by its number, whoever asks")
  func byNumber() throws {
    let number = ThreadScheduling.currentThread
    let before = PageFaults.ofThisThread()
    let told = try #require(PageFaults.of(thread: number))
    let after = PageFaults.ofThisThread()
    #expect(told.minor >= before.minor && told.minor <= after.minor)
    #expect(PageFaults.of(thread: 0) == nil && PageFaults.of(thread: .max) == nil)
  }

  @Test("whatever could not be locked is said, with the way out; nothing is said when all is")
  func notes() {
    #expect(MemoryLocking.Outcome.everything.note == nil)
    for outcome in [MemoryLocking.Outcome.presentOnly(limit: 1 << 23), .nothing(error: ENOMEM, limit: 1 << 23)] {
      #expect(outcome.note?.contains("8192 kB") == true)
      #expect(outcome.note?.contains("LimitMEMLOCK") == true)
    }
  }
}

@inline(never)
private func useStack(_ bytes: Int) {
  withUnsafeTemporaryAllocation(byteCount: 512, alignment: 16) { block in
    block.storeBytes(of: 1, as: UInt8.self)
    if bytes > 512 { useStack(bytes - 512) }
    _ = block.loadUnaligned(as: UInt8.self)
  }
}
