package main

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
)

const (
	maxBody    = 1 << 20
	iterations = 100_000
)

type shop struct {
	db       *gorm.DB
	supplier string
	http     *http.Client
}

func (s *shop) handler(client *audit.Client) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /accounts", answer(s.createAccount))
	mux.HandleFunc("POST /sign-in", answer(s.signIn))
	for pattern, f := range map[string]func(*http.Request) (any, error){
		"POST /products":             s.createProduct,
		"GET /products/{id}":         s.readProduct,
		"PUT /products/{id}":         s.updateProduct,
		"DELETE /products/{id}":      s.deleteProduct,
		"POST /products/raise":       s.raisePrices,
		"PUT /products/{id}/tags":    s.tagProduct,
		"POST /products/{id}/orders": s.orderProduct,
		"POST /broken":               func(*http.Request) (any, error) { panic("broken") },
	} {
		mux.Handle(pattern, s.signedIn(answer(f)))
	}
	return recordRequests(client, mux)
}

// refusal is an answer other than success.
type refusal struct {
	status  int
	message string
}

func (r refusal) Error() string { return r.message }

// answer writes what a function gives, or why it does not.
func answer(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		body, err := f(r)
		status := http.StatusOK
		if refused := (refusal{}); errors.As(err, &refused) {
			status, body = refused.status, map[string]string{"error": refused.message}
		} else if errors.Is(err, gorm.ErrRecordNotFound) {
			status, body = http.StatusNotFound, map[string]string{"error": "there is no such thing"}
		} else if err != nil {
			status, body = http.StatusInternalServerError, map[string]string{"error": "that did not work"}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
}

// signedIn lets those in who have a session, and says who acts.
func (s *shop) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		var account Account
		if token == "" || s.db.WithContext(r.Context()).First(&account, "session = ?", token).Error != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		audit.SetActor(r.Context(), audit.Person{ExternalID: strconv.Itoa(int(account.ID))})
		next.ServeHTTP(w, r)
	})
}

func read[T any](r *http.Request) (T, error) {
	var body T
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return body, refusal{http.StatusBadRequest, "the body cannot be read"}
	}
	return body, nil
}

type credentials struct{ Email, Password string }

func (s *shop) createAccount(r *http.Request) (any, error) {
	given, err := read[credentials](r)
	if err != nil {
		return nil, err
	}
	account := Account{Email: given.Email, Password: hashed(given.Password, rand.Text())}
	return &account, s.db.WithContext(r.Context()).Create(&account).Error
}

func hashed(password, salt string) string {
	key, err := pbkdf2.Key(sha256.New, password, []byte(salt), iterations, 32)
	if err != nil {
		panic(err) // only for wrong constants
	}
	return salt + "$" + hex.EncodeToString(key)
}

func (s *shop) signIn(r *http.Request) (any, error) {
	given, err := read[credentials](r)
	if err != nil {
		return nil, err
	}
	var account Account
	db := s.db.WithContext(r.Context())
	found := db.First(&account, "email = ?", given.Email).Error
	salt, _, _ := strings.Cut(account.Password, "$")
	if found != nil || subtle.ConstantTimeCompare([]byte(hashed(given.Password, salt)), []byte(account.Password)) != 1 {
		return nil, refusal{http.StatusUnauthorized, "e-mail or password is wrong"}
	}
	audit.SetActor(r.Context(), audit.Person{ExternalID: strconv.Itoa(int(account.ID))})
	token := rand.Text()
	return map[string]string{"token": token}, db.Model(&account).Update("session", token).Error
}

func (s *shop) createProduct(r *http.Request) (any, error) {
	product, err := read[Product](r)
	if err != nil {
		return nil, err
	}
	return &product, s.db.WithContext(r.Context()).Create(&product).Error
}

func (s *shop) product(r *http.Request) (*Product, error) {
	var product Product
	return &product, s.db.WithContext(r.Context()).First(&product, "id = ?", r.PathValue("id")).Error
}

func (s *shop) readProduct(r *http.Request) (any, error) { return s.product(r) }

func (s *shop) updateProduct(r *http.Request) (any, error) {
	product, err := s.product(r)
	if err != nil {
		return nil, err
	}
	if err := json.NewDecoder(r.Body).Decode(product); err != nil {
		return nil, refusal{http.StatusBadRequest, "the body cannot be read"}
	}
	return product, s.db.WithContext(r.Context()).Save(product).Error
}

func (s *shop) deleteProduct(r *http.Request) (any, error) {
	return nil, s.db.WithContext(r.Context()).Delete(&Product{}, "id = ?", r.PathValue("id")).Error
}

// raisePrices is a bulk change.
func (s *shop) raisePrices(r *http.Request) (any, error) {
	by, err := read[struct {
		Supplier string
		By       int
	}](r)
	if err != nil {
		return nil, err
	}
	done := s.db.WithContext(r.Context()).Model(&Product{}).Where("supplier = ?", by.Supplier).
		Update("price", gorm.Expr("price + ?", by.By))
	return map[string]int64{"raised": done.RowsAffected}, done.Error
}

func (s *shop) tagProduct(r *http.Request) (any, error) {
	names, err := read[[]string](r)
	if err != nil {
		return nil, err
	}
	product, err := s.product(r)
	if err != nil {
		return nil, err
	}
	return product, s.db.WithContext(r.Context()).Transaction(func(tx *gorm.DB) error {
		tags := make([]Tag, len(names))
		for i, name := range names {
			if err := tx.FirstOrCreate(&tags[i], Tag{Name: name}).Error; err != nil {
				return err
			}
		}
		return tx.Model(product).Association("Tags").Replace(tags)
	})
}

// orderProduct calls the supplier's service.
func (s *shop) orderProduct(r *http.Request) (any, error) {
	product, err := s.product(r)
	if err != nil {
		return nil, err
	}
	status, err := s.order(r.Context(), product)
	if err != nil {
		return nil, refusal{http.StatusBadGateway, "the supplier does not answer"}
	}
	return map[string]int{"supplier": status}, nil
}

func (s *shop) order(ctx context.Context, product *Product) (int, error) {
	body, err := json.Marshal(map[string]any{"product": product.Name, "accessToken": "supplier-secret-token"})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.supplier+"/orders", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.http.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
