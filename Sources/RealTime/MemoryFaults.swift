// SPDX-License-Identifier: Apache-2.0
// RealTime: page faults, counted.
import CLinux

/// Page faults of one thread: `minor` found their page in memory, `major` waited for a disk.
public struct PageFaults: Hashable, Sendable {
  public var minor: Int64
  public var major: Int64

  public init(minor: Int64 = 0, major: Int64 = 0) {
    self.minor = minor
    self.major = major
  }

  /// Of the calling thread since it began. One system call.
  public static func ofThisThread() -> PageFaults {
    var faults = PageFaults()
    clinux_page_faults(&faults.minor, &faults.major)
    return faults
  }

  public static func - (a: PageFaults, b: PageFaults) -> PageFaults {
    PageFaults(minor: a.minor - b.minor, major: a.major - b.major)
  }
}
