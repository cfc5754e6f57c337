// SPDX-License-Identifier: Apache-2.0
// CLibraries/CJACK: everything is in the header; a target needs a source file.
#include "CJACK.h"
