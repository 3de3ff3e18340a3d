using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Streams.Api.Tests;

/// <summary>Keeps every log line of the API with the fields of its template and of its scopes.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IEnumerable<LogLine> Lines => _lines;

    /// <summary>The lines that carry a value, wherever it stands.</summary>
    public IReadOnlyList<LogLine> About(string value) =>
        [.. _lines.Where(line => line.Fields.Values.Any(field => field == value))];

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Dictionary<string, string?> fields = [];
            owner._scopes.ForEachScope(static (scope, target) => Add(scope, target), fields);
            Add(state, fields);
            owner._lines.Enqueue(new LogLine(eventId.Id, logLevel, formatter(state, exception), fields));
        }

        private static void Add(object? source, Dictionary<string, string?> fields)
        {
            foreach ((string key, object? value) in source as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                fields[key] = value?.ToString();
            }
        }
    }
}

/// <summary>One log line.</summary>
internal sealed record LogLine(int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, string?> Fields);
