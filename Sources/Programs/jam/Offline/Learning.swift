// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: reading and learning on all cores.
import Dispatch
import Foundation
import Music
import Scores
import Style
import Synchronization

/// Learning in shards, one a core: learning is a fold, so the outcome is the same whoever learns what.
package enum Learning {
  package static func style(
    _ information: StyleInformation, _ pieces: [Piece], viewpoints: [Viewpoint] = Viewpoint.standard
  ) throws -> Style {
    try style(information, pieces, viewpoints: viewpoints) { _ in }
  }

  /// `tell` is called from any thread with the notes of each piece that was learned.
  static func style(
    _ information: StyleInformation, _ pieces: [Piece], viewpoints: [Viewpoint], tell: @Sendable (Int) -> Void
  ) throws -> Style {
    let shards = max(1, min(pieces.count, ProcessInfo.processInfo.activeProcessorCount))
    let learned = Mutex<[Style]>([])
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: shards) { _ in
      var learner = StyleLearner(information: information, viewpoints: viewpoints)
      // Pieces differ in length: each core takes the next one that is left.
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < pieces.count else { break }
        learner.learn(pieces[index])
        tell(noteCount(pieces[index]))
      }
      let style = learner.style()
      learned.withLock { $0.append(style) }
    }
    var learner = StyleLearner(information: information, viewpoints: viewpoints)
    for style in learned.withLock({ $0 }) { try learner.merge(style) }
    return learner.style()
  }

  static func noteCount(_ piece: Piece) -> Int { piece.parts.reduce(0) { $0 + $1.notes.count } }

  /// Of each file its piece, or why there is none, in order.
  static func pieces(
    _ files: [String], tell: @Sendable (Result<Piece, FileFailure>) -> Void
  ) -> [(path: String, piece: Result<Piece, FileFailure>)] {
    let read = Mutex<[Int: Result<Piece, FileFailure>]>([:])
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let piece = Result { () throws(FileFailure) in try self.piece(files[index]) }
      read.withLock { $0[index] = piece }
      tell(piece)
    }
    let all = read.withLock { $0 }
    return files.enumerated().compactMap { index, path in all[index].map { (path: path, piece: $0) } }
  }

  private static func piece(_ path: String) throws(FileFailure) -> Piece {
    let piece = Piece(try Files.readMIDI(path))
    guard noteCount(piece) > 0 else { throw .badData(path: path, reason: "there are no notes in it") }
    return piece
  }
}
