package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

const (
	exportPatience = 20 * time.Minute
	exportPoll     = 100 * time.Millisecond
)

// exported is one file that was made.
type exported struct {
	job    string
	rows   int
	bytes  int64
	took   time.Duration
	peak   float64 // MiB of the server's memory
	atRest float64
	server time.Duration // processor time of the server, and of the database
	stored time.Duration
}

// exportFormats are those besides CSV, for which a floor is there, in the order in which they are measured.
func exportFormats() []string {
	if only, set := os.LookupEnv("KEYTRAIL_BENCH_FORMATS"); set {
		return strings.Fields(only)
	}
	return []string{"NDJSON", "JSON", "XLSX", "PDF"}
}

// exportAll is W6: the whole log as a file, in each format, in the background and then fetched, beside a plain program
// that writes its table as CSV; rows a second, and the server's memory at its peak. KEYTRAIL_BENCH_EVENTS changes how many
// rows, KEYTRAIL_BENCH_FILES names a directory in which the files are kept, to be opened by other programs,
// and KEYTRAIL_BENCH_FORMATS the formats besides CSV.
func exportAll(ctx context.Context) error {
	most, err := positive("KEYTRAIL_BENCH_EVENTS", manyEvents)
	if err != nil {
		return err
	}
	s, err := openPages(ctx, most)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.awaitWords(ctx); err != nil {
		return err
	}
	url, stop, err := serve(http.HandlerFunc(s.answerCSV))
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("| %-34s | %9s | %9s | %9s | %7s | %9s | %13s | %9s |\n", "", "rows", "seconds", "rows/s", "ratio", "file MiB", "peak MiB", "CPU µs")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	var floorRate float64
	for range runs {
		e, err := s.floorFile(ctx, url)
		if err != nil {
			return err
		}
		floorRate = max(floorRate, e.rate())
		e.print("floor: net/http, database/sql, CSV", floorRate)
		if e, err = s.measureExport(ctx, s.exportAtOnce); err != nil {
			return err
		}
		e.print("keytrail: CSV in one request", floorRate)
		if e, err = s.exportFile(ctx, "CSV"); err != nil {
			return err
		}
		e.print("keytrail: CSV", floorRate)
	}
	for _, format := range exportFormats() {
		e, err := s.exportFile(ctx, format)
		if err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
		e.print("keytrail: "+format, floorRate)
	}
	return nil
}

func (e *exported) rate() float64 { return float64(e.rows) / e.took.Seconds() }

func (e *exported) print(name string, floorRate float64) {
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(e.rows) }
	fmt.Printf("| %-34s | %9d | %9.1f | %9.0f | %7.2f | %9.1f | %5.0f (%4.0f) | %3.0f + %3.0f |\n", name, e.rows, e.took.Seconds(), e.rate(),
		e.rate()/floorRate, float64(e.bytes)/(1<<20), e.peak, e.atRest, each(e.server), each(e.stored))
}

// measureExport measures the making of one file.
func (s *pageStore) measureExport(ctx context.Context, do func(ctx context.Context, e *exported) error) (*exported, error) {
	ctx, cancel := context.WithTimeout(ctx, exportPatience)
	defer cancel()
	e := &exported{atRest: memoryOf(s.child.process())}
	stop := s.watchPeak(e)
	server, database, begin := cpuOf(s.child.process()), cpuOf(s.databaseProcess()), time.Now()
	err := do(ctx, e)
	e.took, e.server, e.stored = time.Since(begin), cpuOf(s.child.process())-server, cpuOf(s.databaseProcess())-database
	stop()
	return e, err
}

// exportFile has keytrail make a file in the background and fetches it.
func (s *pageStore) exportFile(ctx context.Context, format string) (*exported, error) {
	e, err := s.measureExport(ctx, func(ctx context.Context, e *exported) error {
		path, err := s.makeFile(ctx, format, e)
		if err != nil {
			return err
		}
		return s.fetch(ctx, s.child.url+path, strings.ToLower(format), e)
	})
	if e.job == "" {
		return e, err
	}
	return e, errors.Join(err, s.removeFile(ctx, e))
}

// exportAtOnce takes the log as CSV in one request.
func (s *pageStore) exportAtOnce(ctx context.Context, e *exported) error {
	e.rows = s.events
	return s.fetch(ctx, s.child.url+"/export/auth.csv?source=bench", "csv", e)
}

// removeFile makes room for the next.
func (s *pageStore) removeFile(ctx context.Context, e *exported) error {
	return s.ask(ctx, s.root, `mutation($id: ID!) { cancelExport(input: {id: $id}) { job { id } } }`, map[string]any{"id": e.job}, nil)
}

// watchPeak keeps the highest memory of the server until it is stopped.
func (s *pageStore) watchPeak(e *exported) (stop func()) {
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticks := time.NewTicker(exportPoll)
		defer ticks.Stop()
		for {
			e.peak = max(e.peak, memoryOf(s.child.process()))
			select {
			case <-ticks.C:
			case <-ended:
				return
			}
		}
	}()
	return func() { close(ended); <-done }
}

type exportJob struct {
	ID       string
	State    string
	Problem  *string
	RowsDone int
	Path     *string
}

func (s *pageStore) makeFile(ctx context.Context, format string, e *exported) (path string, err error) {
	var started struct{ StartExport struct{ Job exportJob } }
	err = s.ask(ctx, s.root, `mutation($f: ExportFormat!) { startExport(input: {list: AUTH, format: $f, filter: {source: "bench"}}) { job { id } } }`,
		map[string]any{"f": format}, &started)
	if err != nil {
		return "", err
	}
	e.job = started.StartExport.Job.ID
	ticks := time.NewTicker(exportPoll)
	defer ticks.Stop()
	for {
		var asked struct{ ExportJob exportJob }
		err := s.ask(ctx, s.root, `query($id: ID!) { exportJob(id: $id) { id state problem rowsDone path } }`,
			map[string]any{"id": e.job}, &asked)
		if err != nil {
			return "", err
		}
		job := asked.ExportJob
		if job.Path != nil {
			e.rows = job.RowsDone
			return *job.Path, nil
		}
		if job.State == "FAILED" {
			return "", fmt.Errorf("the export failed: %s", *job.Problem)
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// fetch reads a file to its end, and keeps it where one is to be kept.
func (s *pageStore) fetch(ctx context.Context, url, extension string, e *exported) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: s.root.Jar}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	to := io.Discard
	if dir := os.Getenv("KEYTRAIL_BENCH_FILES"); dir != "" {
		file, err := os.Create(filepath.Join(dir, "entries."+extension))
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		to = file
	}
	e.bytes, err = io.Copy(to, response.Body)
	return err
}

func (s *pageStore) floorFile(ctx context.Context, url string) (*exported, error) {
	e := &exported{}
	lines := &lineCounter{}
	server, database, begin := cpuOf(os.Getpid()), cpuOf(s.databaseProcess()), time.Now()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	e.bytes, err = io.Copy(lines, response.Body)
	e.rows, e.took = int(lines.lines.Load()), time.Since(begin)
	e.server, e.stored = cpuOf(os.Getpid())-server, cpuOf(s.databaseProcess())-database
	return e, errors.Join(err, response.Body.Close())
}

type lineCounter struct{ lines atomic.Int64 }

func (c *lineCounter) Write(text []byte) (int, error) {
	c.lines.Add(int64(bytes.Count(text, []byte("\n"))))
	return len(text), nil
}

// answerCSV is the floor: one statement, whose rows go out as CSV as they come.
func (s *pageStore) answerCSV(w http.ResponseWriter, r *http.Request) {
	if err := s.writeRows(r.Context(), csv.NewWriter(w)); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (s *pageStore) writeRows(ctx context.Context, out *csv.Writer) error {
	rows, err := s.floor.owner.Query(ctx, "SELECT occurred_at, actor, action, entity_type, entity, module, ip, event_id, details FROM "+
		s.floor.table+" ORDER BY seq")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	raw, into, record := make([]sql.RawBytes, floorColumns), make([]any, floorColumns), make([]string, floorColumns)
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i := range raw {
			record[i] = string(raw[i])
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(rows.Err(), out.Error())
}
