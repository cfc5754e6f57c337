// SPDX-License-Identifier: Apache-2.0
// Core/Style: what is learned from music and continues it.
import Music

/// What was learned from an artist. Immutable.
public final class Style: Sendable {
}
