FROM denoland/deno:2.9.6 AS build
WORKDIR /app
COPY . .
RUN deno install --frozen && deno task bundle

FROM denoland/deno:2.9.6
WORKDIR /app
# For SQLITE_PATH=data/app.db: mount a volume there.
RUN mkdir data && chown deno data
COPY --from=build /app/dist/deno .
USER deno
EXPOSE 8000
HEALTHCHECK CMD ["deno", "eval", "const { ok } = await fetch('http://127.0.0.1:8000/health'); Deno.exit(ok ? 0 : 1)"]
CMD ["deno", "run", "--unstable-no-legacy-abort", "--no-prompt", "--allow-net", "--allow-env", "--allow-read=data", "--allow-write=data", "main.js"]
