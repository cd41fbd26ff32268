using Cake.Frosting;
using Gfxbake.Host.Serving;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Runs a model in the minimal image: the server, a chat in the terminal, or the benchmark.</summary>
[TaskName("Run")]
[TaskDescription("Runs a model in the image: --model=gpt-oss-20b -- more")]
public sealed class Run : ServeTask;
