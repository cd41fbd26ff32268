using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>An HTTP server on the loopback that answers each path as the test says; a null answer never comes.</summary>
internal sealed class SampleServer : IDisposable
{
    private readonly HttpListener listener;
    private readonly Func<HttpListenerRequest, HttpListenerResponse, string?> answer;

    public SampleServer(Func<HttpListenerRequest, HttpListenerResponse, string?> answer)
    {
        this.answer = answer;
        (listener, Address) = Listen();
        _ = Task.Run(Serve);
    }

    public string Address { get; }

    public void Dispose() => listener.Close();

    // Between the two another test may take the port.
    private static (HttpListener Listener, string Address) Listen()
    {
        for (var left = 10; ; left--)
        {
            var address = FreeAddress();
            var listener = new HttpListener { Prefixes = { $"http://{address}/" } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (left > 0)
            {
                listener.Close();
            }
        }
    }

    private static string FreeAddress()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return free.LocalEndpoint.ToString()!;
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                Answer(call);
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or HttpListenerException)
        {
            // The test is over.
        }
    }

    private void Answer(HttpListenerContext call)
    {
        try
        {
            if (answer(call.Request, call.Response) is not { } text)
                return;
            // Whole, with its length: a chunk and the end of chunks are two packets, and the kernel waits 40 ms before it sends the second.
            call.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: true);
        }
        catch (Exception exception) when (listener.IsListening && exception is IOException or HttpListenerException)
        {
            // This client went away; others come.
        }
    }
}
