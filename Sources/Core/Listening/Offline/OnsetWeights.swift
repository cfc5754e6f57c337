// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what `OnsetNetwork` has learned, not written by hand.

enum OnsetWeights {
  /// Two characters a weight, six bits each: 512ths, 2048 being 0.
  static var decoded: [Float] {
    let digits = packed.joined().utf8.map(value)
    return stride(from: 0, to: digits.count - 1, by: 2).map { Float(digits[$0] << 6 + digits[$0 + 1] - 2048) / 512 }
  }

  private static func value(_ character: UInt8) -> Int {
    switch character {
    case 65...90: Int(character) - 65
    case 97...122: Int(character) - 71
    case 48...57: Int(character) + 4
    case 43: 62
    default: 63
    }
  }

  private static let packed = [
    "gJg6gYfff8fNgBgWf1fke9ftdKfhdnfOgKfPgCgcfXgHfxgJf4fyfHf6gDgRgQgQf1gce7gHf2f3gYgPeugHhBgFglf2gPhoiegqf+fygEfZgKgO",
    "gNgDfVf+f7fngRfpghgagxgohxdaeVf2iIf4gpgBehhIfMhMgMfffqehd8gNgShxfqhAgmgdgme1gdhPgWf1eff+g/eMexffg5fxfifKdxhyeBgH",
    "gIfogQg3gLgBf9h0gNgTgMfIgWfhfkhHfTeGgRf0ftgJfOhifmfafbguf2gAfUf0fpe7gNgQe6gGfihGfvf1f1fVgMgYfuf1hZe6frgugxgNghe8",
    "gPgcg/fwg9fTfagefHhRfHf6gQd0fthEgIf+fnhgfqgCeieqgugGglfqfJgpfqgifrgBfZgTgQfnflftftgjgigIftglfdgJfPfbhZhCf3fThBga",
    "gChEhCgJg1dnfyfXhFgufce0eogudReyghfVgifiglgwfhiMgbgCftgPgEflghgae+hJfZgNf3e1fjhVgihAgQf/flfzhaf7f0f2gmgifCgofvg+",
    "gkf4gYf/gDgHfvgEe2fkgEf3f1e2eXglfQfmfwe5fDhUfTddgigZgCf8g5gIfrfDgrgIgmh4fxgjgPhWhggkg5gxfCgCgdfhgSgff9ggg9gBgPe2",
    "fffshQfSfDfRiYgRf4fWfjfZg4gWeogvf2ggf7gGe9fmfWgYgRgGfag4fNgXgjgffsgBfbgjgOgcfNfvgjfcgXgdf/fAf9gwecf1gWgadlhbgPf2",
    "fBeggJhUiWeVftgnfNhDgFgzfKfljdgehDfyglgngweYfrfje6gjhRfYeAg1hcfef5fLfBf/h3ffhNekgdhJgQhOe4hMkbgCgkhcg2gthQgpfrfp",
    "gmhRgGfYgtfbfifPgDfxgTf3fDfOenhnf5gWfPfqftfpfrfIfngsfMgAfKhBfEftf4glfcf8fxetf5gIg5fzf4fWeMfeglexfNgMfbgNhBgseEgM",
    "gxf/f5gefmf/fyhDgcfYggf1ghiGfrgbfofwf8fEhLe7f0hGf5hkgnf/fzfygnhEfVfYfbelfegshUf3fYgbgPf2gLhSg9figMgEf/gYgWe/g4e0",
    "ezgmfzhvfBhekUgZhJgQgdfigkf5f4fsgefkgcgYgogJg3f3fmf3fZfsfRghfNgNgwfqgMfmfMgRiEgRf9evgHgPgHfbgffag3hfg6fuf8fHf5ff",
    "f3gHf1g2gwfzgzgOfIfGfrfagDgJeZgshCg7gDf9hCf5g9ftglfifRgFglfchQfWfxghfreug3hbhUg8ftgnfKfCflhAfmeVergNe5gfgTgPhTfD",
    "gFfufVgOfsfkgChCfIfdgdgfg4fhgKgHgFfYfgf/fYgIf7gGfpgLfegNg2gXffgTh1gHgef/h8ikgogRhVe7gabjhDh9h3hohJhjgBdTgLgwb0hM",
    "f0fWevdGgIgIfYePfMewgYfcgfg0hTfLd+fYfDd/iJhnhihAhNf6ggeuggh6dMeoewhkesecgxfBgUdGelgRfrgdeBgfgHgPi4gIfSjYiId1gXi9",
    "ergIgKepe2fdelfoeufiffgMfue8fyfrc2gdfUfkeofufNgJfvgJgkl3j+fHf0hffsfbfdfXgjePe1dmfsfIffgtgKgdgkipfPf/fwfzgDe0fQg3",
    "fQgff1exezg+fthLgtfCg3fggagFf4gbfzgBgHgteXezgcgLgWfdg4gVhXhtg4fhgRe2gObjf4gThegrgQgqgXdFfah2exexe3gefFegf4fqfado",
    "gafSfpffgtgTf8f2ggfrfXe+gRgcgpf4gFgpgGewhNgGfAfffwg7eGe4gDfleBfKeIfjesgDfdhQhUgJhffefUgbgngPgKh1gWgufXgPeye5fafJ",
    "fiftgZhZfigOgYf5ckejhahNdrfzere9fRfLgyh0dcdegNepf7engqh5j8cSelgXiLgKg4fcgRgZeKgifoe/fSf/fXgXgYgigtfqfZg2e7gZf0gL",
    "d0f6gYffgFfnfsgFf/g9fwe7fsf+f7fifah3fffWg4czgLdsgOg5gthHfKe+g/fyhDeSgyjZeXehfIgQh0gDgRiBele2ekiieReTgcd0fadieycW",
    "i/fmfmh4f7f1gigBgzgFfhhBdQdtfefwiWe7eBf0e/fZgPhxgggTf8f9hIf1h7n/eafZgEiLgqg3gqfce9iKfngSi1iVfVhGhyfrfBdVfyhDghgS",
    "g1gkg6iPh1fhg/ixi/ggeJmGf6pdhQgCfmh9gvhPfnhxa5hMjsg9a1aRfgf0gbgydKf1fkfKegevgIgEeYg1felmjrffgIiFf9g2fhfEgIegeYeH",
    "fzgdf0gafHgOf5h9defte9ejhedTfCczchgMhDhRgcdpgGeTfffJfXhnfxfDfghuggexd6g3fWgwfWhpfgfsfdfJewfHgSeBeffNf4gQgUfaflgK",
    "g1fKgngyfrfigmfpgJdsgdglfggOfvgUjNgQiBgSiSfoe/hnbYhJfBfTeRhBfHd+e3ebf1gjfGeSgThVeogvfUeAfufEdqgugxf9e3dzgNgDhvfA",
    "hQfThTiJhOirhUe+evgBfggVf9e3epeogEe1f2g6gNg1iRf/gPd6fgfLh+g2f8g8gWgHgfgQf3f4hRf1fUf2gtgLgBhGf4f7gXf3fpd6gUfnfkfz",
    "h4ireJgUhBhBfxfkiCe9fDiVgpiFdShJfYgedUdehAgefMfehshIftfviPgskghGfShZcieLf7ftgzhYfUdFfagSf9fefPixf1eQesfnh0e+iDb4",
    "gOgUg6gjn4hihKfvgyfaeAdidffmgjirfrfnjdgcgqftf2gzgsfFgggcfBfVg9eve+g+hMgohMf8gYgCgpesc7XqhBeximfXfXbPj6fLeAfchmee",
    "hkZbkbh+fhiAgyeKdZiBfchaibfSdGeOe4fbfzgMe7fue5jNj2fjgAiTg+pZgogSgFiBfxfuiZfhfEf+kqgCcpacgkgcg0gAeXgqdyjxcXh1eAf6",
    "iMfbiEeHi6fUdQhSdniddpdIhvcChegQhcfajMgMfRhElPfRfSgYf4gDgdf+etf5gHgIfbfDg3flf8gzh7gagUfKideIhAf2hGemhChEfZh+g8ga",
    "dgdjeugie+gResf9gRgDivgchHhogugbibfRfCffg0e0hIiLh1gCfThCfkflfPgLgHgLf7gpdoexgXe5gXc8i3gzgqd8fghIfEfbhNgzlBf9fQgu",
    "gefufQe0gbgfeSgPgKgogzfbgFfUfwgTgafpgxe7fvfwg2gBh9dhg4f4f5gvevg9fZfvfdgWhDfhe8fnfRg8hZhdezg4glhJgieMefg8e/eihKes",
    "eEgGhohzjnfwhKgAgBhQe4e3e4gRd0degAhWe0hzfDhVhIgjgYeLhNhGdTgie0fvfzhzhgiAgQg6g5gvfIf5gJgSfQhLgDcGf3hgd7gzggfng7eJ",
    "fae/g5hGepe9fDiggOfuhbf6hjgPfxeSfyh4gQfQgJgYe/fufehpeqeVhkfNitgXgCaChafifVhEf9gkeDgGfFeEgSgNgBfXdUfjgufdg+gngrdK",
    "fbeJdgW2iNfKjFeTeocjkJfFc4gPi9eygyYvk0ihgAh8f3eZcAjGhJh2jVf9dteIfChHg5mkfaiGfXfYhKg9fefHgLhCf6gAehiOihhQjSfkhjhe",
    "hIf5grgydvhkfYeegNgpfThEfng6f5hJgZfefJf7gpfvgegRgwgZf+hDe1gPf/fngMhbgIgbfZhLfMf+f8hfece5h6f8fte6eJgVggf/e+gffBe+",
    "gTefg/gsefiBhUeUfmgnfteNgoeteaeLfrfQeefmhMfGg4f9eifnfAgZhagxjJe+elefcbeGedgXgRfreigVewgSfNfOidgbgUfyfrgBgKfwgXgE",
    "fkfuhAgXfig3fffof5gAfCghfyf5gAfqglgZfygvghgcgegLgzfycve2hRfohugKgXiRgVf3fufMgjfIhBdBb6eedghje4gKdggThEf9hJezfZhS",
    "g1gYgCf3ghc4i6hKfpjJeAgBg+gWfefjhHb9c5fKgQhRepgmfLhxfLgJfadXgZg4g0fGffgBgDgIfagzfGg3ejfTgIgcgcfNeygIgLe4f9fhfwe3",
    "eYd8fofWfxfWfkgBe8fqfMf2fmhAiofuhEggc4fUe5gmenighce+czgUhTgZgYgJiJg7gRgqfVbkeqfphGgbdRgGf3ekhqgFgRaoiYfLfDfgflho",
    "e4frg4fCgFg2fefJdxg4g8fQfsftg7fHgdhPfYg7gHcihThXgfi4eafzgBgFjAfKf0eYc4gIgMhgfgf/djgif6gPgMeHg9iegVg2ftfrgQfeg5hT",
    "fugXhUflgnfdgQg7e7fffkf5fmhYfOgbgEe4fMg2ghethlg4gKfRfPfxf1g5iYgUfdd7g0fUhKfjh8frengqdze9fQeBfPhQe2fjhEgxgfhhgyfS",
    "ftgWh7grgaguc4gmglfXgsfLfffVhDezfif2fyhFfPgDgPf5fgeMgDdzgkekfIgPfIfegZfbgjgIhHgBgIf1gJgBeYfdehf/fPgMfzgTfqhdgOfD",
    "fygZfvfmgHgJgufMf/fqg0fAf3gRcOfEgDeFe6gifGf1gEfyfvhdhTfmgBeAeifFhme5fmezfugkfogBhHemhNgFfCiob7g0gcfxdhgcfvfxf/fs",
    "gmg8g8f8eeeRfKfpg2dledgjgsfWfegFgrg6h9gffKgcf4fCfufzgJfihpgohGf+hMhwf0gjghgjfug/gidmfdfmf/gSgBgJhBfxfufMfbfOfKgU",
    "gDhye/fsglflfzgKgbfXfegMhAhXg4gDeUcPgzgNfgfPhIgkfmfqfTg8ekgYhJe9hDgrd+gcfAfmglgehCgddqhfgDgUg/f7h5gHgRg0eqcGe5f1",
    "f2f7hLfcgbhTcLgWe+e5fRgmemgGgoflg2ghh2f5fTfAfceFh/dQgBfmgVe5fhgafngCgkgyf4ftfJgjg7f8gZhAe9gSf9gLiGfjgrg4fCe9f0gC",
    "gFhLf3fog+f8f2gIfag6iTfugxgVgCfdgCg5fjghgmfpgdgNhRfGfIfegVgkfRf/g8fffrfigUdafXfJhMgWesg1g2g3gbf1fVgXfRg8fBhPg1fX",
    "g6hXgngehZgPhRf+gvdjfNfehIhWgTgEgEf7fngIgOfsg2fYfofsgFfbfsgaf5gFf2f9fcfZgIgegne3fxeRfKgNfhhEgwf0gSdqgtfagqgIfufq",
    "fggciBf5f0gMgCgRgPgEgBf8gIgFfYeZfVeNfGgygig4fSeOgFf8fkgEgLgtgffdhLf1iUgPddgCgQgDfoe+fgfdgQf4fXdagZdIfofSfjicgieh",
    "fHfUhBf3f3fvgRgqguf0g5glhfghhUgxf1gPf1gFehf1gFgBfKeIgthPf7gtgTf2f9hAhifvfofVfTgqeafEecfpfPeVfDgXd7gGgWgPfnf0g/c1",
    "gOffggfzebgNeXhOe8iBghfriAeQgVgMfAgeffgrgdgsgigphOf0fnfgf4gYfYf6fFelhIhtgIeAe8gzf0fcfPfyhbhQfyfigNgyjDfEepfGhLge",
    "fWhNg0g+gZfdfxeRf/fBggf1gCiEgud6gbfigmfTf4glffgPfyf9hUfygrfyfZfTgTgbgSgxgpfvgkgbgpfcfEflfShkeafGgJetc8f9fkfkfdgN",
    "gngTgWgRfrghiEeVfufofkgAhMf9epfifUgPgjhAgFfLhAfjfAiCjKg/dcbCgwj6iJhOdGdnfPetjOikeKhOblZBf4gGfZe9cshKa8hZbdfrc4YO",
    "c8gugle6gogccbfydOd6hTeLcThxlAiWcwfjh/fLgjfhd4kQeEfgfWjyipf+dPdfiXe0fQf0g6foZ5e1g3e5fsh7dZfikQgPgph2fldGgwdWaTfI",
    "defSh0g2hqf3e5emeteIg2gMfVetiWi0cPiBh3hkeej1hKhTihe2hFeZeEgAjAiMjehZhkd0gHebf/h0hQg4hRcXelghiafuitd3f3fwezfhj5hN",
    "kJftbWcxg2dwdpfSf/g4eEb/dhckfylKhShmcfe6",
  ]
}
