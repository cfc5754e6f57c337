// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: RealtimeSanitizer around every JACK process and timebase callback of this program, where it is built with it.
#pragma once

/// Whether this program was built with RealtimeSanitizer.
int cproof_is_sanitized(void);

/// How often a process callback ran under it.
unsigned long cproof_sanitized_cycles(void);

/// How often a timebase callback ran under it.
unsigned long cproof_sanitized_positions(void);
