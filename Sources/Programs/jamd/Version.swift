// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the version.

enum Version {
  static let current = "0.1.0"
}
