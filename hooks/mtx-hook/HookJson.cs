using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams.Hooks;

/// <summary>
/// JSON of requests, responses and failure lines. The default encoder writes plain ASCII, so no value can break a log line or control a
/// terminal.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HookEvent))]
[JsonSerializable(typeof(FailureLine))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class HookJson : JsonSerializerContext;
