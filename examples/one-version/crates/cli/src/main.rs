fn main() {
    let settled = nemo_flow_adaptive::settle(40, |value| value / 2);
    println!("nemo-flow {}: {settled}", nemo_flow::VERSION);
}
