// SPDX-License-Identifier: Apache-2.0
#include "CSoundFile.h"
