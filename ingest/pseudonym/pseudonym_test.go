package pseudonym

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestFiscalCodes(t *testing.T) {
	for _, test := range []struct {
		raw, normalised string
		reason          Reason
	}{
		{"RSSMRA85T10A562S", "RSSMRA85T10A562S", ""},
		{"MRARSS75P14H501I", "MRARSS75P14H501I", ""},
		{"RSSMRA77L18H501W", "RSSMRA77L18H501W", ""},
		{"RSSMRA80A01H501U", "RSSMRA80A01H501U", ""},
		{"RSSMRA80A01H50MM", "RSSMRA80A01H50MM", ""}, // an omocode stays what it is
		{" rss mra 80a01\th501u\u00a0", "RSSMRA80A01H501U", ""},
		{"00743110157", "00743110157", ""},
		{"RSSMRA80A01H501X", "", WrongCheck},
		{"RSSMRA80A01H501", "", WrongLength},
		{"RSSMRA80A01H501UU", "", WrongLength},
		{"", "", WrongLength},
		{"RSSMRA80F01H501U", "", WrongDate},
		{"RSSMRA80A00H501U", "", WrongDate},
		{"RSSMRA80A32H501U", "", WrongDate},
		{"RSSMRA80A40H501U", "", WrongDate},
		{"RSSMRA80A72H501U", "", WrongDate},
		{"RSSMR180A01H501U", "", WrongForm},
		{"RSSMRA8AA01H501U", "", WrongForm},
		{"00743110158", "", WrongCheck},
		{"00000000000", "", WrongForm},
		{"0074311015X", "", WrongForm},
		{"RSSMRA80A01H501\u00d9", "", WrongLength},
	} {
		normalised, ok := NormaliseFiscalCode([]byte(test.raw))
		if string(normalised) != test.normalised || ok != (test.reason == "") {
			t.Errorf("%q: got %q %v, want %q", test.raw, normalised, ok, test.normalised)
		}
		if _, reason := AppendFiscalCode(nil, []byte(test.raw)); reason != test.reason {
			t.Errorf("%q: reason %q, want %q", test.raw, reason, test.reason)
		}
	}
}

func TestOneChangedLetterIsFound(t *testing.T) {
	valid := []byte("RSSMRA85T10A562S")
	for place := range valid {
		accepted := 0
		for c := byte('0'); c <= 'Z'; c++ {
			changed := bytes.Clone(valid)
			changed[place] = c
			if _, ok := NormaliseFiscalCode(changed); ok {
				accepted++
			}
		}
		// A digit and the letter that stands for it may have the same weight.
		if accepted < 1 || accepted > 2 {
			t.Errorf("place %d: %d characters pass, want the one", place, accepted)
		}
	}
}

func TestPseudonym(t *testing.T) {
	master := bytes.Repeat([]byte{7}, masterBytes)
	citizen, operator := Derive(master, "citizen"), Derive(master, "operator")
	p := citizen.Pseudonym([]byte("RSSMRA80A01H501U"))
	if !strings.HasPrefix(p, "v1:") || len(p) != Size || strings.ToLower(p) != p || strings.Contains(p, "=") {
		t.Errorf("form of %q", p)
	}
	if want := "v1:hxp2sjen4lnbkmzjn6nbll6aetb6qrxd"; p != want { // computed apart, with Python's hmac
		t.Errorf("got %s, want %s", p, want)
	}
	if p != Derive(master, "citizen").Pseudonym([]byte("RSSMRA80A01H501U")) {
		t.Error("the same person, key and purpose must give the same pseudonym")
	}
	if p == operator.Pseudonym([]byte("RSSMRA80A01H501U")) {
		t.Error("another purpose gives the same pseudonym")
	}
	if p == citizen.Pseudonym([]byte("RSSMRA80A01H50MM")) {
		t.Error("an omocode gives the pseudonym of the other person")
	}
	room, code := make([]byte, 0, Size), []byte("RSSMRA80A01H501U")
	if n := testing.AllocsPerRun(100, func() { room = citizen.Append(room[:0], code) }); n > 0 {
		t.Errorf("Append allocates %v times", n)
	}
}

func TestKeyIsForManyGoroutines(t *testing.T) {
	key := Derive(make([]byte, masterBytes), "citizen")
	want := key.Pseudonym([]byte("x"))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				if got := key.Pseudonym([]byte("x")); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	group.Wait()
}

func TestMasterKey(t *testing.T) {
	master, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := NewMaster()
	if bytes.Equal(master, other) {
		t.Fatal("two keys are the same")
	}
	text := Text(master)
	got, err := Parse(text)
	if err != nil || !bytes.Equal(got, master) {
		t.Fatalf("round trip: %v", err)
	}
	secret := strings.TrimSpace(text[strings.Index(text, keyPrefix)+len(keyPrefix):])
	for name, bad := range map[string]string{
		"empty": "# nothing\n", "cut": text[:len(text)-4], "twice": text + text,
		"no prefix": secret, "letters": keyPrefix + "10890",
	} {
		_, err := Parse(bad)
		if !errors.Is(err, ErrKey) {
			t.Errorf("%s: got %v", name, err)
		} else if strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("%s: the message quotes the key", name)
		}
	}
}

func TestMaskText(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"niente da nascondere", "niente da nascondere"},
		{"RSSMRA80A01H501U", "***"},
		{"cf:rssmra80a01h501u.", "cf:***."},
		{"xRSSMRA80A01H501Uy", "x***y"},
		{"RSS MRA 80A01 H501U", "***"},
		{"RSSMRA80A01H501X", "***"}, // a wrong check character is a typing error, not another person
		{"RSSMRA80A01H50MM e MRARSS75P14H501I", "*** e ***"},
		{"tessera 00743110157", "tessera ***"},
		{"protocollo 00743110158", "protocollo 00743110158"},
		{"100743110157", "100743110157"}, // twelve digits
		{"RSSMRA80A01H501", "RSSMRA80A01H501"},
		{"però RSSMRA80A01H501U è", "però *** è"},
		{"scrivere a mario.rossi@posta.example.it, grazie", "scrivere a ***, grazie"},
		{"<anna+inps@example.com>", "<***>"},
		{"drops/mario@example.it.csv", "drops/***"}, // on the side of masking
		{"a@b.RSS MRA 80A01 H501U", "***"},
		{"RSSMRA80A01H501U@example.it e b@example.it", "*** e ***"},
		{"@cmd, a@b, a@b.1, x@.it, @, 12@30.5", "@cmd, a@b, a@b.1, x@.it, @, 12@30.5"},
		{"e-mail: PEC@EXAMPLE.IT.", "e-mail: ***."},
	} {
		if got := MaskText(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
	if Mask("") != "" || Mask("x") != Masked {
		t.Error("Mask must tell absent from present, and no more")
	}
	if HoldsFiscalCode([]byte("00743110157")) || !HoldsFiscalCode([]byte("a RSSMRA80A01H501U b")) {
		t.Error("HoldsFiscalCode looks for 16 characters only")
	}
}

func FuzzMaskText(f *testing.F) {
	f.Add("a ", " b")
	f.Add("X", "Y")
	f.Add("RSSMRA", "1")
	f.Add("a@b.it.", "@c.it")
	f.Fuzz(func(t *testing.T, before, after string) {
		const code = "RSSMRA80A01H501U"
		masked := MaskText(before + code + after)
		if strings.Contains(masked, code) {
			t.Errorf("%q still holds the code", masked)
		}
		if again := MaskText(masked); strings.Contains(again, code) {
			t.Errorf("masking %q brought the code back", masked)
		}
	})
}

func TestFingerprintsTellKeysApartAndAreNoPseudonyms(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		master, err := NewMaster()
		if err != nil {
			t.Fatal(err)
		}
		text := Fingerprint(master)
		if seen[text] || len(text) != 16 || text != Fingerprint(master) || strings.Contains(Text(master), text) {
			t.Errorf("fingerprint %q", text)
		}
		seen[text] = true
	}
}
