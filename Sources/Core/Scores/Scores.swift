// SPDX-License-Identifier: Apache-2.0
// Core/Scores: bytes <-> music.
