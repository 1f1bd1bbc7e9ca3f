# The web app, then the program with the app inside, then a small image with the database server that it runs.
FROM node:20-bookworm-slim AS app
WORKDIR /src
COPY schema ./schema
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./frontend/
RUN cd frontend && npm ci
COPY frontend ./frontend
RUN cd frontend && npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=app /src/frontend/dist ./frontend/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /keytrail ./server

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends mariadb-server-core ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home /data --shell /usr/sbin/nologin keytrail \
 && install -d -o keytrail -m 0700 /data
COPY --from=program /keytrail /usr/local/bin/keytrail
USER keytrail
ENV KEYTRAIL_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["keytrail"]
CMD ["serve"]
