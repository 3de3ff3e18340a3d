using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams.Hooks;

/// <summary>
/// The JSON that goes out and comes in. The default encoder writes plain ASCII, so no value can break a line of the log or
/// steer a terminal.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HookEvent))]
[JsonSerializable(typeof(FailureLine))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class HookJson : JsonSerializerContext;
