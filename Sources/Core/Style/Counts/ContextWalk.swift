// SPDX-License-Identifier: Apache-2.0
// Core/Style: everything that one sequence teaches.

/// Goes through a sequence and names each viewpoint's context and symbol at each event: the one definition of what is
/// learned, for styles, for the player's model and for forgetting.
struct ContextWalk {
  let viewpoints: [Viewpoint]

  /// Calls `body` with the index of a store (see `Stores`) and a key. O(events * viewpoints).
  @inline(__always)
  func walk(_ sequence: EventSequence, _ body: (Int, ContextKey) -> Void) {
    let events = sequence.bytes
    for (number, viewpoint) in viewpoints.enumerated() {
      let store = Stores.index(viewpoint: number, sequence.role)
      if viewpoint.target == .gap {
        walkGaps(sequence, viewpoint) { body(store, $0) }
        continue
      }
      for index in events.indices {
        let symbol = events[index].symbol(of: viewpoint.target)
        if symbol != 0 { body(store, viewpoint.key(of: events[index], at: index, after: events) | ContextKey(symbol)) }
      }
    }
  }

  @inline(__always)
  private func walkGaps(_ sequence: EventSequence, _ viewpoint: Viewpoint, _ body: (ContextKey) -> Void) {
    var next = 0
    for (index, event) in sequence.bytes.enumerated() {
      var cursor = event
      cursor[.gap] = 0
      cursor[.count] = 1
      cursor[.shapeSoFar] = 1
      for _ in 1..<max(1, Int(event[.size])) {
        let gap = sequence.gaps[next]
        next += 1
        body(viewpoint.key(of: cursor, at: index, after: sequence.bytes) | ContextKey(gap))
        cursor.add(gap: gap)
      }
      body(viewpoint.key(of: cursor, at: index, after: sequence.bytes))
    }
  }
}

/// Every viewpoint has one store of contexts for each role, in this order.
enum Stores {
  static func count(viewpoints: Int) -> Int { viewpoints * Role.allCases.count }

  static func index(viewpoint: Int, _ role: Role) -> Int { viewpoint * Role.allCases.count + role.rawValue }

  /// The store of `role`, or of the nearest role that is not empty: who has learned single lines only has to play both
  /// hands with them.
  static func index(viewpoint: Int, _ role: Role, isFilled: (Int) -> Bool) -> Int {
    let wanted = index(viewpoint: viewpoint, role)
    if isFilled(wanted) { return wanted }
    return Role.allCases.lazy.map { index(viewpoint: viewpoint, $0) }.first(where: isFilled) ?? wanted
  }
}

extension EventBytes {
  /// What `target` is in this event; 0 where there is nothing to predict. Gaps are not told by an event.
  @inline(__always)
  func symbol(of target: Viewpoint.Target) -> UInt8 {
    switch target {
    case .interOnset: self[.interOnset]
    case .interval: self[.interval]
    case .tonal: self[.tonal]
    case .pitch: self[.pitch]
    case .gap: 0
    case .duration: self[.duration]
    case .lowDuration: self[.lowDuration]
    case .velocity: self[.velocity]
    case .deviation: self[.deviation]
    case .spread: self[.spread]
    case .balance: self[.balance]
    }
  }
}

/// Runs of successive events, to recognise what was copied from a piece.
enum Fingerprint {
  /// Events in a run: one more than may be copied.
  static let length = 9

  /// Hashes interval and inter-onset of the `length` events that end at `index`; nil before there are so many.
  static func ending(at index: Int, with event: EventBytes, after events: [EventBytes]) -> UInt32? {
    guard index >= length else { return nil }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for position in (index - length + 1)...index {
      let event = position == index ? event : events[position]
      hash = (hash ^ UInt64(event[.interval])) &* 0x100_0000_01b3
      hash = (hash ^ UInt64(event[.interOnset])) &* 0x100_0000_01b3
    }
    return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}
